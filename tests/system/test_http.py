"""The HTTP interface of the real daemon, with a real client and with raw bytes."""

import json
import socket

import pytest
import requests

from system.daemon_under_test import Daemon, job_table, token


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    jobs = job_table("t_ok", schedule="every day at 03:00")
    with Daemon(tmp_path_factory.mktemp("daemon"), jobs) as running:
        for number in range(25):
            running.finished(running.trigger("t_ok" if number % 5 else "t_fails"))
        yield running


def raw(daemon, request):
    """The whole answer to bytes as they are."""
    with socket.create_connection(("127.0.0.1", daemon.port), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
        return answer.decode(errors="replace")


def assert_problem(answer, status, text=""):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status and problem["title"] and problem["type"]
    assert text in problem["detail"]


def test_jobs_are_listed_with_their_schedule_and_next_occurrence(daemon):
    jobs = {job["name"]: job for job in daemon.request("GET", "/scheduler/jobs").json()["jobs"]}
    assert jobs["t_ok"]["schedule"] == "every day at 03:00 in UTC"
    assert jobs["t_ok"]["next_occurrence"].endswith("T03:00:00.000Z")
    assert jobs["p_ok"]["schedule"] is None and jobs["p_ok"]["kind"] == "process"


def test_history_comes_in_pages_newest_first(daemon):
    seen, before = [], ""
    while True:
        page = daemon.request("GET", f"/scheduler/runs?limit=10{before}").json()
        seen += [run["id"] for run in page["runs"]]
        if page["next_before"] is None:
            break
        before = f"&before={page['next_before']}"
    assert len(seen) == 25 and seen == sorted(seen, reverse=True)
    failed = daemon.request("GET", "/scheduler/runs?job=t_fails&state=failed").json()["runs"]
    assert len(failed) == 5 and all(run["error_message"] == "said so itself" for run in failed)


def test_a_trigger_says_where_its_run_is(daemon):
    answer = daemon.request("POST", "/scheduler/run/t_ok", json={"parameters": {"lines_added": 3, "flag": True}})
    assert answer.status_code == 202
    where = answer.headers["Location"]
    run = daemon.finished(answer.json()["run_id"])
    assert where == f"/scheduler/runs/{run['id']}" and run["lines_added"] == 3
    assert run["parameters"] == {"lines_added": "3", "flag": "true"}
    log = daemon.request("GET", where + "/log")
    assert log.headers["Content-Type"].startswith("text/plain") and "all is well" in log.text


def test_head_is_get_without_a_body(daemon):
    got, head = daemon.request("GET", "/scheduler/runs/1"), daemon.request("HEAD", "/scheduler/runs/1")
    assert head.status_code == 200 and head.content == b""
    assert head.headers["Content-Length"] == str(len(got.content))


@pytest.mark.parametrize("method, path, status, text", [
    ("GET", "/", 404, "nothing"),
    ("GET", "/scheduler/nothing", 404, "nothing"),
    ("GET", "/scheduler/run/t_ok", 405, "POST"),
    ("DELETE", "/scheduler/runs/1", 405, "GET"),
    ("POST", "/scheduler/run/no_such_job", 404, "no_such_job"),
    ("POST", "/scheduler/run/%FF", 400, ""),
    ("GET", "/scheduler/runs/99999", 404, "99999"),
    ("GET", "/scheduler/runs/0", 400, "id of a run"),
    ("GET", "/scheduler/runs/x/log", 400, "id of a run"),
    ("GET", "/scheduler/runs?limit=0", 400, "limit"),
    ("GET", "/scheduler/runs?limit=1001", 400, "1000"),
    ("GET", "/scheduler/runs?state=broken", 400, "state"),
    ("GET", "/scheduler/runs?jobs=t_ok", 400, "job"),
    ("GET", "/scheduler/runs?before=-1", 400, "before"),
])
def test_what_is_not_there_is_said(daemon, method, path, status, text):
    assert_problem(daemon.request(method, path), status, text)


@pytest.mark.parametrize("body, status, text", [
    (b"{", 400, "byte"),
    (b"[]", 400, "object"),
    (b'{"parameter": {}}', 400, "parameter"),
    (b'{"parameters": []}', 400, "parameters"),
    (b'{"parameters": {"a": [1]}}', 400, "parameter a"),
    (b"[" * 1000, 400, "byte"),
    (b"{}" + b" " * 70000, 413, "64 KiB"),
])
def test_a_body_that_is_wrong_is_said(daemon, body, status, text):
    headers = {"Authorization": "Bearer " + token(), "Content-Type": "application/json"}
    assert_problem(daemon.request("POST", "/scheduler/run/t_ok", headers=headers, data=body), status, text)


def test_a_body_of_another_type_is_refused(daemon):
    headers = {"Authorization": "Bearer " + token(), "Content-Type": "text/plain"}
    assert_problem(daemon.request("POST", "/scheduler/run/t_ok", headers=headers, data="{}"), 415, "application/json")


def test_a_challenge_comes_with_each_refusal(daemon):
    without = daemon.request("GET", "/scheduler/jobs", headers={})
    assert_problem(without, 401)
    assert without.headers["WWW-Authenticate"].startswith("Bearer")
    short = daemon.request("POST", "/scheduler/run/t_ok", scope="read")
    assert_problem(short, 403, "run")
    assert "insufficient_scope" in short.headers["WWW-Authenticate"]


@pytest.mark.parametrize("request_bytes, status", [
    (b"nonsense\r\n\r\n", "400"),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 9000 + b"\r\n\r\n", "431"),
    (b"GET /healthz HTTP/1.1\r\n\r\n", "400"),
    (b"\x00\xff" * 50 + b"\r\n\r\n", "400"),
])
def test_bytes_that_are_no_request_are_refused(daemon, request_bytes, status):
    assert raw(daemon, request_bytes).split(" ")[1] == status
    assert daemon.request("GET", "/healthz").json() == {"status": "ok"}


def test_two_requests_in_one_packet_are_both_answered(daemon):
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    assert raw(daemon, one + one).count("HTTP/1.1 200") == 2


def test_without_authentication_only_this_machine_s_own_programs_get_in(tmp_path):
    with Daemon(tmp_path, environment={"DISABLE_AUTH": "true"}) as daemon:
        assert "AUTHENTICATION IS DISABLED" in daemon.output.read_text()
        address = f"http://127.0.0.1:{daemon.port}/scheduler/jobs"
        own = f"http://127.0.0.1:{daemon.port}"

        def status(**headers):
            return requests.get(address, headers=headers, timeout=30).status_code

        assert status() == 200 and status(Origin=own) == 200
        assert status(Origin="https://evil.example") == 403
        assert status(Origin="null") == 403
        assert status(Host="evil.example") == 403
        assert status(Host=f"evil.example:{daemon.port}") == 403
        run = requests.post(f"{own}/scheduler/run/t_ok", timeout=30).json()["run_id"]
        assert daemon.rows("id = ?", [run])[0]["requested_by"] == "unauthenticated"
        assert json.loads(requests.get(f"{own}/healthz", timeout=30).text)["status"] == "ok"
