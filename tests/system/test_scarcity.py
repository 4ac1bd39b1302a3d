"""A daemon that is out of descriptors, threads, processes or memory: what cannot start is recorded as a failure that
says so, the rest goes on, and afterwards all is as before."""

import contextlib
import errno
import http.client
import json
import os
import pathlib
import resource
import signal
import socket
import sqlite3
import time

import pytest

from smtp_sink import SmtpSink
from supervisor.http.http_under_test import ask_local
from system.daemon_under_test import Daemon, alive, fork_server_of, job_table, wait_until, workers_of
from system.failing_calls import FailingCalls
from system.inherited import short_directory  # noqa: F401, a fixture
from system.test_mail import mail_table
from system.test_service import Notifications
from system.trouble import EACH_SECOND, each_second_has_its_row, occurrences_come, runs_again, well


@contextlib.contextmanager
def limited(daemon, what, soft):
    before = resource.prlimit(daemon.process.pid, what)
    resource.prlimit(daemon.process.pid, what, (soft, before[1]))
    yield
    resource.prlimit(daemon.process.pid, what, before)


def rows_since(daemon, job, instant):
    return [row for row in daemon.rows("job_name = ? AND queued_at > ?", (job, instant * 1000)) if row["finished_at"]]


NEEDS_DESCRIPTORS_OF_ITS_OWN = pytest.mark.skipif(
    "undefined" in os.environ.get("ROTA_SANITIZE", ""),
    reason="UBSan asks whether memory is there by a pipe, and takes it for bad without one")


@NEEDS_DESCRIPTORS_OF_ITS_OWN
def test_without_descriptors_nothing_starts_and_nothing_is_lost(tmp_path, short_directory):
    notifications = Notifications(short_directory)
    environment = {**notifications.environment, "WATCHDOG_USEC": "1000000"}
    pids = tmp_path / "pids"
    release = tmp_path / "release"
    with Daemon(tmp_path, EACH_SECOND, environment=environment) as daemon:
        runs_again(daemon)
        run = daemon.trigger("p_forks_children", file=str(pids), release=str(release))
        children = wait_until(lambda: pids.exists() and len(pids.read_text().split()) == 2 and pids.read_text().split(),
                              "its children")
        begun = time.time()
        with limited(daemon, resource.RLIMIT_NOFILE, 3), contextlib.ExitStack() as waiting:
            for _ in range(3):  # nobody can take them
                waiting.enter_context(socket.create_connection(("127.0.0.1", daemon.port)))
            release.touch()  # what the run leaves behind cannot be looked for
            wait_until(lambda: [row for row in rows_since(daemon, "p_ok", begun) if row["state"] == "failed"], "a failure")
            wait_until(lambda: len(rows_since(daemon, "t_ok", begun)) > 3, "runs on threads")
            notifications.waiting()
            notifications.until("WATCHDOG")
            assert daemon.process.poll() is None
        failed = next(row for row in daemon.rows("job_name = 'p_ok' AND state = 'failed'"))
        assert failed["error_type"] == "start" and "Too many open files" in failed["error_message"]
        assert daemon.finished(run)["state"] == "succeeded"
        wait_until(lambda: not any(alive(int(pid)) for pid in children), "the end of its children")
        runs_again(daemon)
        assert well(daemon)
        assert daemon.output.read_text().count("connections cannot be taken") == 1
    notifications.socket.close()
    each_second_has_its_row(daemon, also=["failed"])


@NEEDS_DESCRIPTORS_OF_ITS_OWN
@pytest.mark.parametrize("last", range(4))
def test_whichever_descriptor_is_the_last_a_start_fails_as_a_whole(short_directory, last):
    with Daemon(short_directory) as daemon:
        runs_again(daemon)
        open_ones = {int(name) for name in os.listdir(f"/proc/{daemon.process.pid}/fd")}
        free = [number for number in range(len(open_ones) + 50) if number not in open_ones]
        # One for the answer, and so many for the run: it needs a log, six for pipes and a pidfd.
        with limited(daemon, resource.RLIMIT_NOFILE, free[2 + 2 * last] + 1):
            answer = ask_local(daemon.socket, "POST", "/scheduler/run/p_ok")
            assert answer.status == 202
            run = json.loads(answer.body)["run_id"]
            wait_until(lambda: daemon.rows("id = ? AND finished_at IS NOT NULL", (run,)), "its end")
        row = daemon.run(run)
        assert row["state"] in ("failed", "succeeded", "crashed"), row
        if row["state"] == "failed":
            assert row["error_type"] == "start" and "Too many open files" in row["error_message"], row
        runs_again(daemon)
        now_open = len(os.listdir(f"/proc/{daemon.process.pid}/fd"))
        assert now_open <= len(open_ones) + 2
        wait_until(lambda: not workers_of(daemon.process.pid), "no process is left")


def test_without_threads_runs_fail_by_name_and_mails_and_the_history_go_on(tmp_path):
    calls = FailingCalls(tmp_path)
    jobs = job_table("t_ok", history={"rows_per_job": 1}) + job_table("t_no_op", retry={"limit": 20, "delay": "1 s"})
    with SmtpSink(tmp_path / "inbox") as sink:
        with Daemon(tmp_path, jobs, mail=mail_table(sink.port), environment=calls.environment) as daemon:
            for _ in range(3):
                daemon.trigger_and_finish("p_ok")
            with calls.failing(threads=errno.EAGAIN):
                row = daemon.trigger_and_finish("t_ok")
                assert (row["state"], row["error_type"]) == ("failed", "start")
                assert "Resource temporarily unavailable" in row["error_message"]
                assert "t_ok" in wait_until(sink.mails, "the mail")[0]["Subject"]
                assert daemon.trigger_and_finish("p_ok")["state"] == "succeeded"
                assert daemon.request("POST", "/scheduler/prune", scope="admin").status_code == 200
                assert daemon.request("GET", "/scheduler/backup", scope="admin").status_code == 500
                daemon.finished(daemon.trigger("t_no_op"))
            for job in ("t_ok", "p_ok"):
                assert daemon.trigger_and_finish(job)["state"] == "succeeded"
            tried = wait_until(lambda: daemon.rows("job_name = 't_no_op' AND state = 'succeeded'"), "the retry")
            assert tried[0]["attempt"] > 1
            assert daemon.request("GET", "/scheduler/backup", scope="admin").status_code == 200


def test_without_processes_runs_fail_by_name_and_are_tried_again(tmp_path):
    calls = FailingCalls(tmp_path)
    jobs = EACH_SECOND + job_table("p_no_op", retry={"limit": 20, "delay": "1 s"})
    with Daemon(tmp_path, jobs, environment=calls.environment) as daemon:
        occurrences_come(daemon)
        fork_server = fork_server_of(daemon.process.pid)
        with calls.failing(processes=errno.EAGAIN):
            os.kill(fork_server, signal.SIGKILL)  # as whoever wants memory back might
            row = daemon.trigger_and_finish("p_no_op")
            assert (row["state"], row["error_type"]) == ("failed", "start")
            assert "rota-worker: Resource temporarily unavailable" in row["error_message"]
        tried = wait_until(lambda: daemon.rows("job_name = 'p_no_op' AND state = 'succeeded'"), "the retry")
        assert tried[0]["attempt"] > 1
    each_second_has_its_row(daemon, also=["failed"])


def test_without_memory_a_request_fails_and_not_the_daemon(tmp_path, short_directory):
    if os.environ.get("ROTA_SANITIZE"):
        pytest.skip("a sanitizer needs address space of its own")
    daemon = Daemon(short_directory, EACH_SECOND)
    with daemon:
        occurrences_come(daemon)
    with contextlib.closing(sqlite3.connect(daemon.database)) as connection, connection:
        connection.executemany(
            'INSERT INTO scheduled_job_runs (job_name, "trigger", state, queued_at, last_entry) '
            "VALUES ('big', 'manual', 'succeeded', 1, ?)", [(json.dumps("x" * 60000),)] * 1000)
    with daemon.start():
        occurrences_come(daemon)
        pages = int(pathlib.Path(f"/proc/{daemon.process.pid}/statm").read_text().split()[0])
        size = pages * resource.getpagesize()
        statuses = []
        for room in range(1 << 20, 160 << 20, 8 << 20):
            with limited(daemon, resource.RLIMIT_AS, size + room):
                try:
                    statuses.append(ask_local(daemon.socket, "GET", "/scheduler/runs?job=big&limit=1000").status)
                except (OSError, http.client.HTTPException):
                    statuses.append("cut off")
                assert daemon.process.poll() is None
        assert {200, 503} <= set(statuses) <= {200, 500, 503, "cut off"}, statuses
        wait_until(lambda: well(daemon), "the end of the trouble")
        runs_again(daemon)
        assert daemon.request("GET", "/scheduler/runs?job=big&limit=1000").json()["runs"]
    each_second_has_its_row(daemon, also=["failed"])
