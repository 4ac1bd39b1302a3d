"""Web pages in a browser on this machine: what they can make it send, with authentication off and on.

A page of any origin can have its browser send requests to loopback, and by DNS rebinding its own name can become
a name of loopback. It cannot choose Host, Origin and Sec-Fetch-Site, and reads an answer only if that allows it.
"""

import http.client

import pytest

from supervisor.http.http_under_test import Servers, ask, assert_problem, bearer


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    with Servers(tmp_path_factory.mktemp("servers")) as running:
        yield running


@pytest.fixture(scope="module")
def with_tokens(tmp_path_factory):
    with Servers(tmp_path_factory.mktemp("servers"), with_tokens=True) as running:
        yield running


def sent(servers, method="GET", path="/scheduler/status", body=None, **fields):
    headers = {name.replace("_", "-"): value.replace("PORT", str(servers.port)) for name, value in fields.items()}
    return servers.ask_tcp(method, path, body, headers)


@pytest.mark.parametrize("host", ["127.0.0.1:PORT", "localhost:PORT", "LocalHost:PORT", "[::1]:PORT", "127.255.255.254:PORT"])
def test_a_loopback_name_with_the_port_gets_in(servers, host):
    assert sent(servers, Host=host).status == 200
    assert sent(servers, Host=host, Origin="http://" + host).status == 200


# The name of the page's own server, which answers with 127.0.0.1 the second time it is asked for.
@pytest.mark.parametrize("host", [
    "rebound.example.org", "rebound.example.org:PORT", "127.0.0.1.example.org:PORT", "localhost.example.org:PORT",
    "localhost", "127.0.0.1", "[::1]", "127.0.0.1:80", "127.0.0.1:", ":PORT", "PORT", "", "localhost.:PORT",
    "evil.example.org@127.0.0.1:PORT", "127.0.0.1:PORT@evil.example.org", "127.0.0.1:PORT:PORT", "127.0.0.1:0PORT",
    "0.0.0.0:PORT", "[::]:PORT", "[::ffff:127.0.0.1]:PORT", "127.1:PORT", "2130706433:PORT", "0x7f.0.0.1:PORT",
    "0177.0.0.1:PORT", "127.0.0.1/x:PORT", "10.0.0.1:PORT", "localhost:PORT, evil.example.org", "127.0.0.1 :PORT",
])
@pytest.mark.parametrize("method, path", [("GET", "/scheduler/status"), ("POST", "/scheduler/run/import"), ("GET", "/healthz")])
def test_a_name_that_was_rebound_to_loopback_does_not(servers, host, method, path):
    assert_problem(sent(servers, method, path, Host=host), 403, "Host")
    assert len(servers.ask("GET", "/scheduler/runs").json()["runs"]) == 3


@pytest.mark.parametrize("origin", [
    "https://evil.example.org", "http://evil.example.org:PORT", "null", "file://", "https://127.0.0.1:PORT",
    "http://127.0.0.1", "http://127.0.0.1:80", "http://127.0.0.1:PORT.example.org", "http://127.0.0.1:PORT/",
    "http://localhost:PORT", "http://[::1]:PORT", "http://127.0.0.1:PORT http://evil.example.org", "127.0.0.1:PORT",
    "chrome-extension://abcdefgh",
])
@pytest.mark.parametrize("method, path", [("GET", "/scheduler/status"), ("POST", "/scheduler/run/import")])
def test_a_page_of_another_origin_does_not(servers, origin, method, path):
    assert_problem(sent(servers, method, path, Host="127.0.0.1:PORT", Origin=origin), 403, "another origin")
    assert len(servers.ask("GET", "/scheduler/runs").json()["runs"]) == 3


@pytest.mark.parametrize("site, status", [("cross-site", 403), ("same-site", 403), ("x", 403), ("same-origin", 200), ("none", 200)])
def test_an_image_or_a_link_of_another_site_does_not(servers, site, status):
    """Neither has an Origin, and a backup would cost much."""
    answer = sent(servers, path="/scheduler/backup", Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors", Sec_Fetch_Dest="image")
    assert answer.status == status


@pytest.mark.parametrize("kind", ["servers", "with_tokens"])
def test_no_answer_allows_another_origin_to_read_it(request, kind):
    """A preflight is refused, so a page cannot send JSON, a token or another method than GET and POST."""
    running = request.getfixturevalue(kind)
    origin = {"Origin": "https://evil.example.org", "Access-Control-Request-Method": "POST",
              "Access-Control-Request-Headers": "authorization,content-type"}
    preflight = running.ask_tcp("OPTIONS", "/scheduler/run/import", None, origin)
    asked = running.ask_tcp("GET", "/scheduler/status", None, {**origin, **bearer("read")})
    assert preflight.status in (403, 405)
    for answer in (preflight, asked):
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_of_a_page_needs_a_token_too(with_tokens, kind):
    body = b'{"parameters": {"a": "b"}}'
    assert_problem(with_tokens.ask_tcp("POST", "/scheduler/run/import", body, {"Content-Type": kind}), 401)
    cookies = {"Content-Type": kind, "Cookie": bearer("run")["Authorization"]}
    assert_problem(with_tokens.ask_tcp("POST", "/scheduler/run/import", body, cookies), 401)


@pytest.mark.parametrize("place", ["?access_token=TOKEN", "?token=TOKEN", "?Authorization=Bearer%20TOKEN"])
def test_a_token_in_an_address_opens_nothing(with_tokens, place):
    token = bearer("read")["Authorization"].split()[1]
    assert_problem(with_tokens.ask_tcp("GET", "/scheduler/status" + place.replace("TOKEN", token)), 400, "no such key")


def test_a_connection_that_was_let_in_is_asked_again_with_each_request(servers):
    connection = http.client.HTTPConnection("127.0.0.1", servers.port, timeout=30)
    assert ask(connection, "GET", "/scheduler/status").status == 200
    assert ask(connection, "GET", "/scheduler/status", headers={"Host": f"rebound.example.org:{servers.port}"}).status == 403
    connection.close()
