"""Listening sockets that a service manager holds, sd_listen_fds(3): a restart refuses nobody."""

import contextlib
import http.client
import json
import os
import signal
import socket
import stat
import threading
import time

import pytest

from supervisor.http.http_under_test import ask_local
from system.daemon_under_test import Daemon, job_table, token, wait_until
from system.inherited import short_directory, start_with  # noqa: F401, a fixture


@contextlib.contextmanager
def inherited_sockets(directory):
    with socket.socket() as tcp, socket.socket(socket.AF_UNIX) as local:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen(128)
        local.bind(str(directory / "control"))
        os.chmod(directory / "control", 0o606)
        local.listen(128)
        yield tcp, local


class Service:
    """A daemon whose sockets are held here, as systemd holds them."""

    def __init__(self, daemon, tcp, local):
        self.daemon = daemon
        self.places = {"3": tcp.fileno(), "4": local.fileno()}
        self.port = tcp.getsockname()[1]

    def start(self):
        start_with(self.daemon, self.places, ["http", "control"])
        assert self.daemon.port == self.port
        return self.daemon

    def restart(self):
        assert self.daemon.stop() == 0
        self.start()


def test_inherited_sockets_replace_the_configured_ones_and_stay(tmp_path, short_directory):
    with inherited_sockets(short_directory) as (tcp, local):
        service = Service(Daemon(tmp_path), tcp, local)
        path = short_directory / "control"
        with service.start() as daemon:
            assert daemon.request("GET", "/scheduler/status").status_code == 200
            assert ask_local(path, "GET", "/scheduler/status").status == 200
            assert not daemon.socket.exists()
        assert stat.S_IMODE(path.stat().st_mode) == 0o606
        assert not path.with_name("control.lock").exists()
        with service.start():
            assert ask_local(path, "GET", "/scheduler/status").status == 200


def test_a_restart_refuses_no_request_and_loses_no_occurrence(tmp_path, short_directory):
    jobs = job_table("t_counts", schedule="every 1 second") + job_table("t_ok", overlap={"rule": "parallel", "limit": 1000})
    answers, enough = [], threading.Event()

    def ask(port):
        while not enough.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            try:
                connection.request("POST", "/scheduler/run/t_ok", headers={"Authorization": "Bearer " + token()})
                answer = connection.getresponse()
                answers.append((answer.status, answer.read()))
            except OSError as error:
                answers.append((repr(error), b""))
            finally:
                connection.close()

    with inherited_sockets(short_directory) as (tcp, local):
        service = Service(Daemon(tmp_path, jobs), tcp, local)
        with service.start() as daemon:
            clients = [threading.Thread(target=ask, args=(service.port,)) for _ in range(3)]
            for client in clients:
                client.start()
            try:
                for _ in range(4):
                    count = len(answers)
                    wait_until(lambda: len(answers) > count + 20, "answers")
                    service.restart()
                rows = len(daemon.rows("job_name = 't_counts'"))
                wait_until(lambda: len(daemon.rows("job_name = 't_counts'")) > rows + 1, "further occurrences")
            finally:
                enough.set()
                for client in clients:
                    client.join(timeout=60)
        assert {status for status, _ in answers} == {202}
        accepted = {json.loads(body)["run_id"] for _, body in answers}
        assert len(accepted) == len(answers)
        assert accepted <= {row["id"] for row in daemon.rows("job_name = 't_ok'")}
        assert not daemon.rows("state = 'lost'")
        occurrences = sorted(row["scheduled_for"] for row in daemon.rows("job_name = 't_counts'"))
        assert occurrences == list(range(occurrences[0], occurrences[-1] + 1, 1000))


def test_who_was_let_in_before_the_stop_is_answered_after_it(tmp_path):
    with Daemon(tmp_path) as daemon:
        early = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=60)
        early.connect()
        # Connections are taken in their order, so this answer shows that the one before has been taken.
        assert daemon.request("GET", "/healthz").status_code == 200
        daemon.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "stopping" in daemon.output.read_text(), "the stop")
        early.request("POST", "/scheduler/run/t_ok", headers={"Authorization": "Bearer " + token()})
        answer = early.getresponse()
        run_id = json.loads(answer.read())["run_id"]
        early.close()
        assert answer.status == 202
        assert daemon.stop() == 0
    assert [row["id"] for row in daemon.rows()] == [run_id]


def test_an_occurrence_that_was_due_while_the_service_was_down_runs_after_its_start(tmp_path):
    jobs = job_table("t_ok", schedule="every 2 seconds", catch_up={"rule": "all", "limit": 1000})
    with Daemon(tmp_path, jobs) as daemon:
        wait_until(lambda: daemon.rows("state = 'succeeded'"), "a run")
    missing = daemon.rows()[-1]["scheduled_for"] + 2000
    wait_until(lambda: time.time() * 1000 > missing + 2000, "an occurrence to pass")
    with daemon.start():
        row = wait_until(lambda: daemon.rows("scheduled_for = ? AND state = 'succeeded'", [missing]), "its run")[0]
    assert row["started_at"] >= missing + 2000
    occurrences = sorted(row["scheduled_for"] for row in daemon.rows())
    assert occurrences == list(range(occurrences[0], occurrences[-1] + 1, 2000))


@pytest.mark.parametrize("names, wanted", [
    (["web"], 'socket "web"'), (["control"], "expected a Unix stream socket"), (["http", "http"], "one of this name"),
])
def test_a_socket_that_it_cannot_use_is_named(tmp_path, names, wanted):
    with socket.socket() as tcp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        daemon = Daemon(tmp_path)
        with pytest.raises(AssertionError, match="ended at its start"):
            start_with(daemon, {str(3 + index): tcp.fileno() for index in range(len(names))}, names)
        assert wanted in daemon.output.read_text()


def test_without_authentication_an_inherited_socket_must_be_on_loopback(tmp_path):
    with socket.socket() as tcp:
        tcp.bind(("0.0.0.0", 0))
        tcp.listen()
        daemon = Daemon(tmp_path, http="disable_auth = true")
        with pytest.raises(AssertionError, match="ended at its start"):
            start_with(daemon, {"3": tcp.fileno()}, ["http"])
        assert "loopback" in daemon.output.read_text()
