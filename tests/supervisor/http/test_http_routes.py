"""Every route with its answers, over the control socket and over TCP."""

import contextlib
import datetime
import http.client
import json
import os
import pathlib

import pytest

from supervisor.http.http_under_test import LocalConnection, Servers, assert_problem, bearer


@pytest.fixture
def servers(tmp_path):
    with Servers(tmp_path) as running:
        yield running


ADMIN = [("POST", "pause"), ("POST", "resume"), ("POST", "reload"), ("POST", "prune"), ("GET", "backup")]
READ = [("GET", path) for path in ("jobs", "jobs/import", "runs", "runs/1", "runs/1/log", "status")]
RUN = [("POST", "run/import"), ("POST", "runs/2/cancel")]


def test_each_route_needs_its_own_scope(tmp_path):
    with Servers(tmp_path, with_tokens=True) as servers:
        for scope, routes in (("admin", ADMIN), ("read", READ), ("run", RUN)):
            others = " ".join({"admin", "read", "run"} - {scope})
            for method, path in routes:
                body = {"all": True} if path in ("pause", "resume") else None
                assert_problem(servers.ask_tcp(method, "/scheduler/" + path, body), 401)
                refused = servers.ask_tcp(method, "/scheduler/" + path, body, bearer(others))
                assert_problem(refused, 403, scope)
                assert "insufficient_scope" in refused.headers["WWW-Authenticate"]
                assert servers.ask_tcp(method, "/scheduler/" + path, body, bearer(scope)).status in (200, 202)


def test_without_authentication_loopback_has_all_scopes(servers):
    assert servers.ask_tcp("POST", "/scheduler/prune").status == 200
    assert_problem(servers.ask_tcp("POST", "/scheduler/prune", headers={"Origin": "https://evil.example.org"}), 403)
    assert_problem(servers.ask_tcp("GET", "/nothing", headers={"Host": "evil.example.org"}), 403)


def test_the_log_names_the_address_of_who_asked(servers):
    servers.ask_tcp("POST", "/scheduler/prune")
    servers.end()
    assert "POST /scheduler/prune from 127.0.0.1: 200" in servers.log


def test_a_job_is_shown_with_its_policies(servers):
    job = servers.ask("GET", "/scheduler/jobs/import").json()
    assert job in servers.ask("GET", "/scheduler/jobs").json()["jobs"]
    assert job["kind"] == "command" and job["command"] == ["/usr/bin/python3", "import.py"]
    assert job["overlap"] == {"rule": "queue", "limit": 3}
    assert job["retry"]["limit"] == 2 and job["retry"]["on"] == ["failed", "timed_out", "crashed"]
    assert job["after"] == ["fetch"] and job["group"] == "heavy" and job["tags"] == ["nightly"]
    assert job["finish_within_seconds"] == 3600 and job["success_within_seconds"] is None
    assert job["timeout_seconds"] == 1.5 and job["active_runs"] == [2, 3] and job["pause"] is None
    assert job["source"] == "/etc/rota/jobs.d/import.toml"
    assert_problem(servers.ask("GET", "/scheduler/jobs/imports"), 404, "imports")


def test_a_run_shows_its_progress_and_what_it_repeats(servers):
    assert servers.ask("GET", "/scheduler/runs/1").json()["progress"] is None
    running = servers.ask("GET", "/scheduler/runs/2").json()
    assert running["progress"] == {"done": 3, "total": 10, "message": "page 3"}
    waiting = servers.ask("GET", "/scheduler/runs/3").json()
    assert waiting["progress"] is None and waiting["retry_of"] == 1
    assert waiting["not_before"].endswith("T00:09:00.000Z") and waiting["late_since"].endswith("T00:08:00.000Z")
    rows = servers.ask("GET", "/scheduler/runs").json()["runs"]
    assert [row["id"] for row in rows] == [3, 2, 1] and rows[1] == running
    since = waiting["queued_at"]
    assert [row["id"] for row in servers.ask("GET", f"/scheduler/runs?since={since}").json()["runs"]] == [3]


def test_a_run_is_cancelled_once(servers):
    answer = servers.ask("POST", "/scheduler/runs/2/cancel")
    assert answer.status == 202 and answer.json() == {"run_id": 2}
    run = servers.ask("GET", "/scheduler/runs/2").json()
    assert run["state"] == "cancelled" and run["error_message"].startswith("cancelled by local:")
    assert_problem(servers.ask("POST", "/scheduler/runs/2/cancel", {}), 409, "2")
    assert_problem(servers.ask("POST", "/scheduler/runs/99/cancel"), 404, "99")
    assert_problem(servers.ask("POST", "/scheduler/runs/3/cancel", {"force": True}), 400, "force")
    assert servers.ask("GET", "/scheduler/runs/3").json()["state"] == "queued"


@pytest.mark.parametrize("what, scope", [
    ({"job": "import"}, {"scope": "job", "name": "import"}),
    ({"group": "heavy"}, {"scope": "group", "name": "heavy"}),
    ({"all": True}, {"scope": "all", "name": None}),
])
def test_what_is_paused_is_shown_until_it_is_resumed(servers, what, scope):
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    paused = servers.ask("POST", "/scheduler/pause", what)
    assert paused.status == 200 and paused.json() == scope
    [pause] = servers.ask("GET", "/scheduler/status").json()["pauses"]
    assert {key: pause[key] for key in ("scope", "name")} == scope and pause["paused_by"].startswith("local:")
    assert datetime.datetime.fromisoformat(pause["paused_at"].replace("Z", "+00:00")) >= before
    if scope["scope"] != "group":
        assert servers.ask("GET", "/scheduler/jobs/import").json()["pause"] == pause
    resumed = servers.ask("POST", "/scheduler/resume", what)
    assert resumed.status == 200 and resumed.json() == scope
    assert servers.ask("GET", "/scheduler/status").json()["pauses"] == []


@pytest.mark.parametrize("route", ["/scheduler/pause", "/scheduler/resume"])
def test_a_pause_of_what_is_not_there_is_refused(servers, route):
    assert_problem(servers.ask("POST", route, {"job": "imp\u00f6rt\n"}), 404, "imp\u00f6rt")
    assert_problem(servers.ask("POST", route, {"group": "light"}), 404, "light")
    assert_problem(servers.ask("POST", route, {"jobs": "import"}), 400, "jobs")
    assert_problem(servers.ask("POST", route, {"job": "import", "reason": "x"}), 400, "reason")
    assert_problem(servers.ask("POST", route), 400, "expected")
    assert_problem(servers.ask("POST", route, b"{", {"Content-Type": "text/plain"}), 415, "application/json")
    assert servers.ask("GET", "/scheduler/status").json()["pauses"] == []


def test_the_status_is_that_of_the_supervisor(servers):
    status = servers.ask("GET", "/scheduler/status").json()
    assert status == {
        "version": "0.0.0", "started_at": "2019-12-20T00:00:00.000Z", "jobs": 2, "running": 1, "waiting": 1,
        "next_occurrence": "2019-12-20T03:00:00.000Z", "next_job": "import", "pauses": [], "trouble": None,
    }
    (servers.directory / "full").touch()
    assert "written" in servers.ask("GET", "/scheduler/status").json()["trouble"]
    assert_problem(servers.ask("GET", "/healthz"), 503, "written")


def test_a_reload_tells_what_changed_or_every_fault(servers):
    answer = servers.ask("POST", "/scheduler/reload")
    assert answer.status == 200 and answer.json() == {"added": 1, "changed": 2, "removed": 3, "unchanged": 4}
    (servers.directory / "faulty").touch()
    assert_problem(servers.ask("POST", "/scheduler/reload"), 422, "rota.toml:1: fault\nrota.toml:2: fault")
    assert_problem(servers.ask("POST", "/scheduler/reload", {"file": "x"}), 400, "file")


def test_pruning_tells_how_much_went(servers):
    answer = servers.ask("POST", "/scheduler/prune", {})
    assert answer.status == 200 and answer.json() == {"rows": 10, "logs": 3}
    assert_problem(servers.ask("POST", "/scheduler/prune", {"job": "import"}), 400, "job")


def test_pruning_may_take_longer_than_a_question(servers):
    held = servers.directory / "held"
    held.touch()
    pruning = LocalConnection(servers.path)
    pruning.request("POST", "/scheduler/prune")
    assert_problem(servers.ask("GET", "/scheduler/runs"), 503, "in time")
    held.unlink()
    assert servers.ask("POST", "/scheduler/reload").status == 200
    answer = pruning.getresponse()
    assert answer.status == 200 and json.loads(answer.read()) == {"rows": 10, "logs": 3}
    pruning.close()


def open_files(process):
    """The names behind the descriptors of a process."""
    names = []
    for link in pathlib.Path(f"/proc/{process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            names.append(os.readlink(link))
    return names


def test_a_backup_comes_as_a_file_of_which_nothing_stays(servers):
    answer = servers.ask("GET", "/scheduler/backup")
    assert answer.status == 200 and answer.body == b"b" * 100_000
    assert answer.headers["Content-Type"] == "application/vnd.sqlite3"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="rota-2')
    assert not (servers.directory / "copy.db").exists()
    servers.ask("HEAD", "/scheduler/backup")
    assert not (servers.directory / "copy.db").exists()
    assert servers.ask("GET", "/healthz").status == 200
    assert not [name for name in open_files(servers.process) if "copy.db" in name]


def test_a_backup_that_fails_says_why(servers):
    (servers.directory / "full").touch()
    assert_problem(servers.ask("GET", "/scheduler/backup"), 500, "no space left")


def test_a_log_can_be_read_from_a_byte_on(servers):
    whole = servers.ask("GET", "/scheduler/runs/1/log")
    assert whole.text == "first line\nsecond line\n"
    assert whole.headers["Content-Type"].startswith("text/plain")
    for offset, text in ((0, whole.text), (11, "second line\n"), (23, ""), (2**63, ""), (2**64 - 1, "")):
        part = servers.ask("GET", f"/scheduler/runs/1/log?offset={offset}")
        assert part.status == 200 and part.text == text
        assert part.headers["Rota-Log-Size"] == "23" and part.headers["Rota-Run-State"] == "succeeded"
        assert part.headers["Content-Length"] == str(len(text))
    assert_problem(servers.ask("GET", "/scheduler/runs/1/log?offset=x"), 400, "offset")


def test_a_log_that_grows_can_be_followed(servers):
    log = servers.directory / "import-2.log"
    first = servers.ask("GET", "/scheduler/runs/2/log?offset=0")
    assert first.text == "so far\n" and first.headers["Rota-Run-State"] == "running"
    with log.open("a") as stream:
        stream.write("and on\n")
    size = first.headers["Rota-Log-Size"]
    assert servers.ask("GET", f"/scheduler/runs/2/log?offset={size}").text == "and on\n"


def test_the_log_of_a_run_that_has_said_nothing_is_empty(servers):
    log = servers.directory / "import-2.log"
    log.rename(log.with_suffix(".away"))
    answer = servers.ask("GET", "/scheduler/runs/2/log?offset=0")
    log.with_suffix(".away").rename(log)
    assert answer.status == 200 and answer.text == ""
    assert answer.headers["Rota-Log-Size"] == "0" and answer.headers["Rota-Run-State"] == "running"


def test_who_follows_a_run_without_a_log_learns_its_state(servers):
    answer = servers.ask("GET", "/scheduler/runs/3/log")
    assert_problem(answer, 404, "no log")
    assert answer.headers["Rota-Run-State"] == "queued"
    assert_problem(servers.ask("GET", "/scheduler/runs/99/log"), 404, "99")


def test_a_log_that_is_no_file_is_not_waited_for(servers):
    (servers.directory / "import-1.log").unlink()
    os.mkfifo(servers.directory / "import-1.log")
    assert_problem(servers.ask("GET", "/scheduler/runs/1/log"), 404, "cannot be read")


def test_a_trigger_is_answered_by_its_kind(servers):
    accepted = servers.ask("POST", "/scheduler/run/import", {"parameters": {"count": 2}})
    assert accepted.status == 202 and accepted.headers["Location"] == "/scheduler/runs/4"
    assert servers.ask("GET", "/scheduler/runs/4").json()["parameters"] == {"count": "2"}
    assert_problem(servers.ask("POST", "/scheduler/run/fetch"), 409, "active")
    assert_problem(servers.ask("POST", "/scheduler/run/imports"), 404, "imports")


@pytest.mark.parametrize("method, path, allowed", [
    ("GET", "runs/2/cancel", "POST"), ("PUT", "pause", "POST"), ("GET", "resume", "POST"), ("GET", "reload", "POST"),
    ("DELETE", "prune", "POST"), ("POST", "backup", "GET, HEAD"), ("POST", "status", "GET, HEAD"),
    ("PATCH", "jobs/import", "GET, HEAD"), ("GET", "run/import", "POST"),
])
def test_another_method_is_told_the_one_that_there_is(servers, method, path, allowed):
    answer = servers.ask(method, "/scheduler/" + path)
    assert_problem(answer, 405, allowed.split(",")[0])
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize("kind", ["tcp", "local"])
def test_a_stop_lets_an_idle_connection_go(servers, kind):
    connection = (LocalConnection(servers.path) if kind == "local"
                  else http.client.HTTPConnection("127.0.0.1", servers.port, timeout=30))
    connection.request("GET", "/healthz")
    assert connection.getresponse().read()
    assert servers.end() == 0
    assert connection.sock.recv(1) == b""
    connection.close()
