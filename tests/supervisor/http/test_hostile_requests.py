"""Raw bytes from whoever can connect: requests with two readings, without end, slow, many, and for wrong places."""

import contextlib
import os
import pathlib
import socket

import pytest

from supervisor.http.http_under_test import Servers, answers_in, assert_problem, bearer, receive_all
from system.daemon_under_test import wait_until

HOST = "Host: 127.0.0.1:{port}\r\n"
HIDDEN = "GET /scheduler/status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    with Servers(tmp_path_factory.mktemp("servers")) as running:
        yield running
        assert running.process.poll() is None
        assert running.ask_tcp("GET", "/healthz").status == 200


def request(servers, fields="", body="", line="POST /scheduler/prune HTTP/1.1", end="\r\n"):
    text = line + "\r\n" + HOST + "".join(field + "\r\n" for field in fields.split("\n") if field) + end + body
    return text.replace("{port}", str(servers.port)).encode("latin-1")


def unfinished(servers, begin):
    return request(servers, end="") + begin.encode()


def statuses(servers, raw, **options):
    return [status for status, _ in servers.exchange(raw, **options)]


# Each of these has a second reading under which HIDDEN is a request of its own.
@pytest.mark.parametrize("fields, status", [
    ("Content-Length: 4\nTransfer-Encoding: chunked", 400),
    ("Transfer-Encoding: chunked\nContent-Length: 4", 400),
    ("Content-Length: 0\nContent-Length: 500", 400),
    ("Content-Length: 0\nContent-Length: 0", 400),
    ("Content-Length: 0, 500", 400),
    ("Content-Length: 0, 0", 400),
    ("Content-Length: +5", 400),
    ("Content-Length: -5", 400),
    ("Content-Length: 0x5", 400),
    ("Content-Length: 5 5", 400),
    ("Content-Length: ", 400),
    ("Content-Length: 18446744073709551617", 400),
    ("Content-Length : 5", 400),
    ("Transfer-Encoding: chunked\nTransfer-Encoding: chunked", 400),
    ("Transfer-Encoding: chunked\nTransfer-Encoding: identity", 400),
    ("Transfer-Encoding: identity\nTransfer-Encoding: chunked", 400),
    ("Transfer-Encoding: identity", 400),
    ("Transfer-Encoding: xchunked", 400),
    ("Transfer-Encoding: chunked, identity", 400),
    ("Transfer-Encoding: chunked;q=1", 400),
    ("Transfer-Encoding: \"chunked\"", 400),
    ("Transfer-Encoding: \x0bchunked", 400),
    ("Transfer-Encoding: gzip, chunked", 501),
    ("Transfer-Encoding: chunked, chunked", 501),
    ("Transfer-Encoding : chunked", 400),
    (" Transfer-Encoding: chunked", 400),
    ("Transfer-Encoding:\n chunked", 400),
    ("X: a\n\tTransfer-Encoding: chunked", 400),
    ("X: a\rTransfer-Encoding: chunked", 400),
    ("X: a\x00Transfer-Encoding: chunked", 400),
    ("X\nTransfer-Encoding: chunked", 400),
    (": chunked", 400),
])
def test_a_body_of_which_two_readings_are_possible_is_refused_and_nothing_after_it_is_read(servers, fields, status):
    assert statuses(servers, request(servers, fields, "0\r\n\r\n" + HIDDEN), open_ended=True) == [status]


def test_a_coding_is_refused_in_version_1_0(servers):
    raw = request(servers, "Transfer-Encoding: chunked\nConnection: keep-alive", "0\r\n\r\n" + HIDDEN,
                  line="POST /scheduler/prune HTTP/1.0")
    assert statuses(servers, raw, open_ended=True) == [400]


@pytest.mark.parametrize("raw", [
    "GET /healthz HTTP/1.1\nHost: 127.0.0.1\n\n",
    "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\n\r\n\r\n",
    "GET /healthz HTTP/1.1\rHost: 127.0.0.1\r\r",
    "GET /healthz\r\n\r\n",
    "GET  /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /healthz HTTP/1.1 \r\nHost: x\r\n\r\n",
    "GET /healthz HTTP/1.1\r\n Host: x\r\n\r\n",
    "GET /healthz HTTP/1.2\r\nHost: x\r\n\r\n",
    "GET /healthz HTTP/0.9\r\nHost: x\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /\x1b[31m HTTP/1.1\r\nHost: x\r\n\r\n",
    "G\x7fT / HTTP/1.1\r\nHost: x\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
])
def test_lines_that_are_not_those_of_http_are_refused(servers, raw):
    assert statuses(servers, (raw + HIDDEN).encode("latin-1")) == [400]


@pytest.mark.parametrize("body, status", [
    ("0x5\r\nhello\r\n0\r\n\r\n", 400),
    ("-1\r\nhello\r\n0\r\n\r\n", 400),
    ("\r\nhello\r\n0\r\n\r\n", 400),
    ("5\nhello\n0\n\n", 400),
    ("2\r\nhello\r\n0\r\n\r\n", 400),
    ("5;x\x00y\r\nhello\r\n0\r\n\r\n", 400),
    ("5 hello\r\nhello\r\n0\r\n\r\n", 400),
    ("FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n", 400),
    ("FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n", 413),
    ("0\r\nContent-Length: 5\r\n\r\n", 400),
    ("0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
])
def test_chunks_that_are_none_are_refused_and_nothing_after_them_is_read(servers, body, status):
    assert statuses(servers, request(servers, "Transfer-Encoding: chunked", body + HIDDEN), open_ended=True) == [status]


def test_what_stands_behind_a_body_cannot_say_who_asks(tmp_path):
    authorization = "Authorization: " + bearer("admin")["Authorization"]
    with Servers(tmp_path, with_tokens=True) as servers:
        behind = request(servers, "Transfer-Encoding: chunked", f"0\r\n{authorization}\r\n\r\n")
        assert statuses(servers, behind) == [401]
        before = request(servers, "Transfer-Encoding: chunked\n" + authorization, "0\r\n\r\n")
        assert statuses(servers, before) == [200]


def test_what_stands_behind_a_body_cannot_change_its_type(servers):
    behind = request(servers, "Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\nContent-Type: application/json\r\n\r\n")
    assert statuses(servers, behind) == [415]


def test_the_body_of_a_get_is_no_request(servers):
    hidden = HIDDEN.replace("{port}", str(servers.port))
    raw = request(servers, f"Content-Length: {len(hidden)}", hidden, line="GET /healthz HTTP/1.1")
    assert statuses(servers, raw) == [200]


def test_a_request_that_is_cut_off_does_nothing(servers):
    before = servers.ask_tcp("GET", "/scheduler/runs").json()["runs"]
    raw = request(servers, "Content-Type: application/json\nContent-Length: 30", "{}", "POST /scheduler/run/import HTTP/1.1")
    assert statuses(servers, raw) == []
    assert servers.ask_tcp("GET", "/scheduler/runs").json()["runs"] == before


@pytest.mark.parametrize("line, fields", [
    ("GET /" + "x" * 9000 + " HTTP/1.1", ""),
    ("GET /healthz HTTP/1.1", "X: " + "y" * 9000),
    ("GET /healthz HTTP/1.1", "\n".join(f"X{number}: y" for number in range(1500))),
    ("GET /healthz HTTP/1.1", "Y" * 9000 + ": y"),
    ("X" * 9000 + " /healthz HTTP/1.1", ""),
])
def test_a_header_that_is_too_long_is_refused(servers, line, fields):
    assert statuses(servers, request(servers, fields, line=line), open_ended=True) == [431]


def test_a_body_that_says_that_it_is_too_long_is_refused_before_it_comes(servers):
    raw = request(servers, "Expect: 100-continue\nContent-Length: 65537")
    assert statuses(servers, raw, open_ended=True) == [413]
    raw = request(servers, "Content-Length: 18446744073709551615")
    assert statuses(servers, raw, open_ended=True) == [413]


def send_without_end(servers, begin, piece):
    """Sends `piece` again and again until the server has had enough: what it answers, and how much it was sent."""
    with servers.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sent = connection.send(begin)
        with contextlib.suppress(ConnectionError):
            while sent < 1 << 26:
                connection.sendall(piece)
                sent += len(piece)
        return [status for status, _ in answers_in(receive_all(connection))], sent


@pytest.mark.parametrize("begin, piece, status", [
    ("", b"X-Endless: y\r\n", 431),
    ("X: ", b"y" * 100, 431),
    ("Transfer-Encoding: chunked\r\n\r\n", b"10\r\n0123456789abcdef\r\n", 413),
    ("Transfer-Encoding: chunked\r\n\r\n", b"1;x=" + b"y" * 5000 + b"\r\nz\r\n", 413),
    ("Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 100, 413),
    ("Transfer-Encoding: chunked\r\n\r\n", b"5;x=" + b"y" * 5000, 413),
])
def test_what_has_no_end_is_ended(servers, begin, piece, status):
    answered, sent = send_without_end(servers, unfinished(servers, begin), piece)
    # The answer can be lost on the way when the connection is reset under what is still sent.
    assert answered in ([status], []) and sent < 1 << 26


@pytest.mark.parametrize("begin, sent, detail", [
    ("X: ", b"y", "header"),
    ("Content-Length: 60000\r\n\r\n", b" ", "body"),
    ("Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", "body"),
])
def test_who_sends_slowly_is_told_that_the_time_is_up(tmp_path, begin, sent, detail):
    with Servers(tmp_path, limits="quick") as servers, servers.connect() as connection:
        connection.sendall(unfinished(servers, begin))
        connection.settimeout(0.02)  # between two bytes: far less than the limit, so that each alone is in time
        received = b""
        for _ in range(1500):
            try:
                received = connection.recv(65536)
                break
            except TimeoutError:
                connection.sendall(sent)
        connection.settimeout(30)
        [(status, problem)] = answers_in(received + receive_all(connection))
        assert status == 408 and detail in problem


def test_who_says_nothing_is_let_go_before_and_after_an_answer(tmp_path):
    with Servers(tmp_path, limits="quick") as servers:
        with servers.connect() as connection:
            assert receive_all(connection) == b""
        assert statuses(servers, request(servers), open_ended=True) == [200]


def open_sockets(servers):
    names = []
    for link in pathlib.Path(f"/proc/{servers.process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            names.append(os.readlink(link))
    return sum(name.startswith("socket:") for name in names)


def test_who_takes_no_answers_is_let_go(tmp_path):
    with Servers(tmp_path, limits="quick") as servers:
        idle = open_sockets(servers)
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(30)
            connection.connect(("127.0.0.1", servers.port))
            asked = 400  # of 100,000 bytes each: far more than the server's side holds back
            connection.sendall(request(servers, line="GET /scheduler/backup HTTP/1.1") * asked)
            wait_until(lambda: open_sockets(servers) == idle, "the end of the connection")
            assert receive_all(connection).count(b"HTTP/1.1 200") < asked


def test_more_connections_than_there_is_room_for_are_told_so_and_then_closed(tmp_path):
    with Servers(tmp_path, limits="few") as servers, contextlib.ExitStack() as stack:
        ping = request(servers, line="GET /healthz HTTP/1.1")
        served = [stack.enter_context(servers.connect()) for _ in range(4)]
        for connection in served:
            connection.sendall(ping)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        told = [stack.enter_context(servers.connect()) for _ in range(2)]
        for connection in told:
            assert connection.recv(65536).startswith(b"HTTP/1.1 503")
        assert receive_all(stack.enter_context(servers.connect())) == b""
        # Over the control socket the server still answers: each kind has room of its own.
        assert servers.ask("GET", "/healthz").status == 200
        for connection in served + told:
            connection.close()
        wait_until(lambda: statuses(servers, ping) == [200], "room for another connection")


def test_a_connection_may_ask_often_and_pipelined_and_each_is_answered_in_its_place(servers):
    one, other = request(servers, line="GET /healthz HTTP/1.1"), request(servers, line="GET /nothing HTTP/1.1")
    assert statuses(servers, (one + other) * 500) == [200, 404] * 500


@pytest.mark.parametrize("last", [
    "GET /healthz HTTP/1.1\r\nConnection: close",
    "GET /healthz HTTP/1.0",
])
def test_nothing_is_answered_after_the_last_request(servers, last):
    raw = request(servers, line=last) + request(servers, line="GET /healthz HTTP/1.1")
    assert statuses(servers, raw, open_ended=True) == [200]


@pytest.mark.parametrize("line, status", [
    ("TRACE /healthz HTTP/1.1", 405),
    ("OPTIONS /healthz HTTP/1.1", 405),
    ("OPTIONS * HTTP/1.1", 404),
    ("CONNECT 127.0.0.1:22 HTTP/1.1", 404),
    ("get /healthz HTTP/1.1", 405),
    ("PUT /scheduler/run/import HTTP/1.1", 405),
    ("GET /scheduler/run/import HTTP/1.1\r\nX-HTTP-Method-Override: POST", 405),
    ("GET http://127.0.0.1/healthz HTTP/1.1", 404),
    ("GET /healthz HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk", 200),
])
def test_a_method_or_form_that_is_not_there_does_nothing(servers, line, status):
    assert statuses(servers, request(servers, line=line)) == [status]
    assert len(servers.ask_tcp("GET", "/scheduler/runs").json()["runs"]) == 3


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                                  "text/json", "application/jsonx", "application/json+x", "application", ", application/json",
                                  "\"application/json\"", ""])
def test_a_type_that_a_form_of_a_page_could_send_is_refused(servers, kind):
    answer = servers.ask_tcp("POST", "/scheduler/run/import", b'{"parameters": {}}', {"Content-Type": kind})
    assert_problem(answer, 415)


@pytest.mark.parametrize("field", ["Authorization: Bearer x", "Origin: http://127.0.0.1", "Content-Type: application/json",
                                   "Host: 127.0.0.1"])
def test_a_field_that_comes_twice_is_refused(servers, field):
    assert statuses(servers, request(servers, field + "\n" + field)) == [400]


@pytest.mark.parametrize("name, status", [
    ("../import", 404), ("..", 404), (".", 404), ("%2e%2e", 404), ("..%2fimport", 404), ("..%2F..%2Fetc%2Fpasswd", 404),
    ("%2fetc%2fpasswd", 404), ("import/", 404), ("import//", 404), ("./import", 404), ("import%2f", 404), ("import%20", 404),
    ("%20import", 404), ("IMPORT", 404), ("import;x", 404), ("import%3fx", 404), ("..\\import", 404), ("%5c", 404),
    ("import%00", 400), ("import%00.toml", 400), ("%0d%0aX-Injected:%20y", 400), ("import%0a", 400), ("import%7f", 400),
    ("%", 400), ("%4", 400), ("%zz", 400), ("%u0069mport", 400), ("%c0%ae%c0%ae", 400), ("%ff", 400), ("", 400),
    ("%252e%252e", 404), ("import?x=y", 400), ("import?import", 400),
])
@pytest.mark.parametrize("method, place", [("POST", "run"), ("GET", "jobs")])
def test_a_name_of_a_job_is_no_path(servers, method, place, name, status):
    before = sorted(path.name for path in servers.directory.rglob("*"))
    answers = servers.exchange(request(servers, line=f"{method} /scheduler/{place}/{name} HTTP/1.1"))
    assert [status for status, _ in answers] == [status]
    assert sorted(path.name for path in servers.directory.rglob("*")) == before
    assert len(servers.ask_tcp("GET", "/scheduler/runs").json()["runs"]) == 3


@pytest.mark.parametrize("path", ["//scheduler/status", "/scheduler//status", "/./scheduler/status", "/scheduler%2fstatus",
                                  "/scheduler/x/../status", "/scheduler/status/", "/SCHEDULER/status", "/scheduler/status;x",
                                  "/scheduler/status%00", "scheduler/status", "/scheduler/runs/1/log/../log",
                                  "/scheduler/runs/1/%6cog"])
def test_a_path_has_one_spelling(servers, path):
    assert statuses(servers, request(servers, line=f"GET {path} HTTP/1.1")) == [404]


@pytest.mark.parametrize("number", ["0", "-1", "+1", "01x", "1e1", "0x1", "9223372036854775808", "%31", "1%00", "\u0661"])
def test_an_id_that_is_no_number_is_refused(servers, number):
    line = f"GET /scheduler/runs/{number}/log HTTP/1.1".encode()
    raw = request(servers, line="LINE").replace(b"LINE", line)
    assert statuses(servers, raw) == [400]
