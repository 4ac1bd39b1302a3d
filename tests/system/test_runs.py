"""A run's life through the real daemon: fired, supervised, stopped, recorded."""

import contextlib
import os
import signal
import sqlite3
import time

import pytest

from system.daemon_under_test import Daemon, alive, fork_server_of, in_seconds, job_table, wait_until, workers_of


@pytest.fixture
def directory(tmp_path):
    return tmp_path


def test_scheduled_jobs_of_both_kinds_fire_once_at_their_instant(directory):
    jobs = job_table("t_ok", schedule=in_seconds(3)) + job_table("p_ok", schedule=in_seconds(3))
    with Daemon(directory, jobs) as daemon:
        rows = wait_until(
            lambda: [row for row in daemon.rows("state = 'succeeded'")] if len(daemon.rows("state = 'succeeded'")) == 2 else None,
            "both runs",
        )
    assert sorted(row["job_name"] for row in rows) == ["p_ok", "t_ok"]
    for row in rows:
        assert row["trigger"] == "schedule" and row["attempt"] == 1 and row["success"] == 1
        assert row["scheduled_for"] <= row["started_at"] <= row["finished_at"]
        assert row["scheduled_for"] % 1000 == 0
    process = next(row for row in rows if row["job_name"] == "p_ok")
    assert process["max_rss_kib"] > 0 and process["exit_code"] == 0


@pytest.mark.parametrize("job", ["t_touch", "p_touch"])
def test_a_run_has_its_row_before_its_time_and_starts_in_it(directory, job):
    touched = directory / "touched"
    jobs = job_table(job, schedule="every second", parameters={"path": touched})
    with Daemon(directory, jobs) as daemon:
        # On a busy machine a wake-up may come too late for that.
        wait_until(lambda: len(daemon.rows("queued_at < scheduled_for AND state = 'succeeded'")) >= 2, "rows before their time")
        rows = daemon.rows("state = 'succeeded'")
    instants = [int(line) / 1e6 for line in touched.read_text().split()]
    for row, instant in zip(rows, instants):
        assert row["scheduled_for"] <= row["started_at"] <= row["finished_at"]
        assert row["scheduled_for"] <= instant


def test_a_triggered_run_reports_its_result(directory):
    with Daemon(directory) as daemon:
        for job in ("t_ok", "p_ok"):
            row = daemon.finished(daemon.trigger(job, lines_added="7"))
            assert (row["state"], row["trigger"], row["requested_by"], row["lines_added"]) == (
                "succeeded", "manual", "tester", 7)


@pytest.mark.parametrize("job", ["p_burns", "t_burns"])
def test_cpu_time_is_that_of_the_run(directory, job):
    with Daemon(directory, supervisor="threads = 1") as daemon:
        for _ in range(2):
            row = daemon.trigger_and_finish(job, cpu_ms="400")
            # Two parts, each rounded down. What the only thread had used before is not this run's.
            assert 398 <= row["user_cpu_ms"] + row["system_cpu_ms"] < 790


def test_a_process_past_its_timeout_is_gone_with_everything_it_started(directory):
    pids = directory / "pids"
    jobs = job_table("p_forks_children", timeout="2 seconds", grace="1 second", parameters={"file": pids})
    with Daemon(directory, jobs) as daemon:
        row = daemon.finished(daemon.trigger("p_forks_children"))
        assert row["state"] == "timed_out" and row["success"] is False
        started = [int(pid) for pid in pids.read_text().split()]
        assert len(started) >= 2
        assert not [pid for pid in started if alive(pid)]


def test_a_worker_that_ignores_sigterm_is_killed_after_its_grace(directory):
    jobs = job_table("p_ignores_sigterm", timeout="1 second", grace="1 second")
    with Daemon(directory, jobs) as daemon:
        row = daemon.finished(daemon.trigger("p_ignores_sigterm"))
        assert (row["state"], row["signal"]) == ("timed_out", signal.SIGKILL)


def test_a_crash_is_recorded_with_its_signal(directory):
    with Daemon(directory) as daemon:
        for job, number in (("p_segfaults", signal.SIGSEGV), ("p_aborts", signal.SIGABRT)):
            row = daemon.finished(daemon.trigger(job))
            assert row["state"] == "crashed"
            # A sanitizer turns a fault into an exit with a report.
            assert row["signal"] == number or (row["signal"] is None and row["exit_code"] != 0)


def test_every_way_to_fail_has_its_own_record_and_stops_nothing(directory):
    with Daemon(directory) as daemon:
        for job, state in (
            ("p_fails", "failed"),
            ("t_fails", "failed"),
            ("p_throws", "failed"),
            ("t_throws", "failed"),
            ("p_exits_silently", "crashed"),
            ("p_garbage", "failed"),
        ):
            row = daemon.finished(daemon.trigger(job))
            assert (job, row["state"], row["success"]) == (job, state, False)
            assert row["error_type"] and row["error_message"]
        assert daemon.finished(daemon.trigger("p_garbage"))["error_type"] == "protocol"
        assert daemon.finished(daemon.trigger("t_ok"))["state"] == "succeeded"


def test_last_entry_is_handed_to_the_next_run_also_after_a_restart(directory):
    with Daemon(directory) as daemon:
        for job in ("p_counts", "t_counts"):
            first = daemon.finished(daemon.trigger(job))["last_entry"]
            second = daemon.finished(daemon.trigger(job))["last_entry"]
            assert first != second
    with Daemon(directory) as daemon:
        third = daemon.finished(daemon.trigger("p_counts"))["last_entry"]
        assert third not in (first, second)


def test_a_run_due_while_the_one_before_goes_on_is_skipped_with_the_reason(directory):
    jobs = job_table("t_sleeps", schedule="every 1 second", timeout="1 minute")
    with Daemon(directory, jobs) as daemon:
        skipped = wait_until(lambda: daemon.rows("state = 'skipped'"), "a skipped occurrence")
        assert skipped[0]["error_type"] == "overlap" and "t_sleeps" in skipped[0]["error_message"]
        assert len(daemon.rows("state = 'running'")) == 1
        answer = daemon.request("POST", "/scheduler/run/t_sleeps")
        assert answer.status_code == 409


def test_two_runs_of_one_job_at_once_where_it_is_allowed(directory):
    jobs = job_table("p_sleeps", overlap={"rule": "parallel", "limit": 2})
    with Daemon(directory, jobs) as daemon:
        first, second = daemon.trigger("p_sleeps"), daemon.trigger("p_sleeps")
        daemon.started(first)
        daemon.started(second)


@pytest.mark.parametrize("job", ["t_sleeps", "p_sleeps"])
def test_a_stop_reaches_only_the_run_it_is_meant_for(directory, job):
    with Daemon(directory, job_table(job, timeout="4 seconds", grace="10 seconds")) as daemon:
        # One that found the stop of the run before would end at once, and well.
        runs = [daemon.trigger_and_finish(job) for _ in range(2)]
        assert [run["state"] for run in runs] == ["timed_out", "timed_out"]
        cancelled = daemon.trigger(job)
        daemon.started(cancelled)
        assert daemon.cancel(cancelled) == 202
        assert daemon.finished(cancelled)["state"] == "cancelled"
        assert daemon.trigger_and_finish(job)["state"] == "timed_out"


def test_a_thread_that_ignores_its_stop_starves_nobody(directory):
    jobs = job_table("t_sleeps", timeout="1 second", grace="1 second", parameters={"ignore_stop": "true"})
    with Daemon(directory, jobs, supervisor="threads = 1") as daemon:
        stuck = daemon.trigger("t_sleeps")
        assert daemon.finished(daemon.trigger("t_ok"))["state"] == "succeeded"
        assert daemon.run(stuck)["state"] == "running"
        daemon.kill()


def test_an_orderly_stop_ends_and_records_what_runs(directory):
    with Daemon(directory) as daemon:
        runs = [daemon.trigger("p_sleeps"), daemon.trigger("t_sleeps")]
        for run in runs:
            daemon.started(run)
        assert daemon.stop() == 0
        rows = daemon.rows()
        assert [(row["state"], row["error_type"]) for row in rows] == [("cancelled", "shutdown")] * 2
        assert all(row["finished_at"] for row in rows)


def test_a_killed_supervisor_leaves_no_process_and_its_runs_are_lost(directory):
    with Daemon(directory) as daemon:
        run = daemon.trigger("p_sleeps")
        daemon.started(run)
        workers = workers_of(daemon.process.pid)
        assert workers
        daemon.kill()
        wait_until(lambda: not [pid for pid in workers if alive(pid)], "the worker's end")
        daemon.start()
        row = daemon.run(run)
        assert (row["state"], row["error_type"]) == ("lost", "lost")


def test_a_killed_supervisor_leaves_nothing_of_what_a_job_has_started(directory):
    pids = directory / "pids"
    with Daemon(directory, job_table("p_forks_children", parameters={"file": pids})) as daemon:
        daemon.started(daemon.trigger("p_forks_children"))
        started = wait_until(lambda: found if pids.exists() and len(found := pids.read_text().split()) == 2 else None, "the children")
        daemon.kill()
        wait_until(lambda: not [pid for pid in started if alive(int(pid))], "the end of all of them")


def test_a_run_that_waited_for_a_place_starts_after_a_restart_with_its_parameters(directory):
    with Daemon(directory, supervisor="processes = 1") as daemon:
        daemon.started(daemon.trigger("p_sleeps"))
        waiting = daemon.trigger("p_ok", lines_added="5")
        assert daemon.run(waiting)["state"] == "queued"
        daemon.kill()
        daemon.start()
        row = daemon.finished(waiting)
        assert (row["state"], row["lines_added"]) == ("succeeded", 5)


def test_the_schedule_goes_on_while_the_database_is_away(directory):
    jobs = job_table("t_ok", schedule="every 1 second")
    with Daemon(directory, jobs) as daemon:
        wait_until(lambda: daemon.rows("state = 'succeeded'"), "a first run")
        with contextlib.closing(sqlite3.connect(daemon.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            wait_until(lambda: daemon.request("GET", "/healthz").status_code == 503, "the trouble to show")
            other.execute("ROLLBACK")
        wait_until(lambda: daemon.request("GET", "/healthz").status_code == 200, "the recovery")
        count = len(daemon.rows())
        wait_until(lambda: len(daemon.rows()) > count + 1, "further runs")
    occurrences = [row["scheduled_for"] for row in daemon.rows()]
    assert len(occurrences) == len(set(occurrences))
    assert occurrences == list(range(occurrences[0], occurrences[-1] + 1, 1000))


def test_a_run_s_time_is_its_own_and_not_that_of_the_write(directory):
    with Daemon(directory, job_table("t_sleeps", timeout="1 second")) as daemon:
        run = daemon.trigger("t_sleeps")
        daemon.started(run)
        with contextlib.closing(sqlite3.connect(daemon.database, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            wait_until(lambda: daemon.request("GET", "/healthz").status_code == 503, "an outcome that waits")
            released_ms = time.time() * 1000
            other.execute("ROLLBACK")
        daemon.finished(run)
        row = daemon.rows("id = ?", [run])[0]
        assert row["state"] == "timed_out"
        assert row["started_at"] < row["finished_at"] < released_ms


def test_a_worker_s_death_is_seen_at_once(directory):
    with Daemon(directory, job_table("p_sleeps", timeout="1 hour")) as daemon:
        run = daemon.trigger("p_sleeps")
        daemon.started(run)
        [worker] = workers_of(daemon.process.pid)
        os.kill(worker, signal.SIGKILL)
        row = daemon.finished(run)
        assert (row["state"], row["signal"]) == ("crashed", signal.SIGKILL)


def test_a_killed_fork_server_is_replaced_and_disturbs_no_run(directory):
    release = directory / "release"
    with Daemon(directory, job_table("p_sleeps", parameters={"release": release})) as daemon:
        run = daemon.trigger("p_sleeps")
        daemon.started(run)
        first = fork_server_of(daemon.process.pid)
        os.kill(first, signal.SIGKILL)
        assert daemon.trigger_and_finish("p_ok")["state"] == "succeeded"
        second = fork_server_of(daemon.process.pid)
        assert second != first and daemon.run(run)["state"] == "running"
        assert "the fork server" in daemon.output.read_text()
        release.touch()
        assert daemon.finished(run)["state"] == "succeeded"
        daemon.kill()
        wait_until(lambda: not alive(second), "the end of the fork server")


def test_a_flood_of_output_is_cut_in_the_middle_and_hurts_nobody(directory):
    with Daemon(directory, supervisor='run_log_limit = "64 KiB"') as daemon:
        run = daemon.trigger("p_floods", bytes=str(20_000_000))
        assert daemon.finished(run)["state"] == "succeeded"
        assert len(daemon.log(run)) < 70_000
