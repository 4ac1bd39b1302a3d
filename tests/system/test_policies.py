"""Each row of the policy table through the real daemon, with real workers."""

import contextlib
import signal
import sqlite3
import time

import pytest

from smtp_sink import SmtpSink
from system.daemon_under_test import Daemon, job_table, wait_until


def mail_table(port):
    return (f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
            'from = "rota@example.org"\nto = ["team@example.org"]\n')


@pytest.fixture
def sink(tmp_path):
    with SmtpSink(tmp_path / "inbox") as server:
        yield server


def subjects(sink):
    return [mail["Subject"] for mail in sink.mails()]


def change_facts(daemon, job, change):
    """Makes the stopped daemon's record say something else of the job."""
    with contextlib.closing(sqlite3.connect(daemon.database)) as connection:
        assert connection.execute(f"UPDATE job_facts SET {change} WHERE job_name = ?", (job,)).rowcount == 1
        connection.commit()


def last_occurrence_was(daemon, job, seconds_ago, every):
    """Makes it say that the job's last occurrence was so long ago, on its grid."""
    at = (int(time.time()) - seconds_ago) // every * every * 1000
    change_facts(daemon, job, f"last_occurrence = {at}")
    return at


# Overlap

@pytest.mark.parametrize("limit", [1, 2])
def test_overlap_queue_lets_so_many_wait_and_skips_the_next(tmp_path, limit):
    with Daemon(tmp_path, job_table("p_sleeps", overlap={"rule": "queue", "limit": limit})) as daemon:
        first, *waiting = [daemon.trigger("p_sleeps") for _ in range(1 + limit)]
        daemon.started(first)
        assert {daemon.run(run)["state"] for run in waiting} == {"queued"}
        assert daemon.request("POST", "/scheduler/run/p_sleeps").status_code == 409
        assert daemon.cancel(first) == 202
        daemon.started(waiting[0])


def test_overlap_parallel_starts_so_many(tmp_path):
    jobs = job_table("t_sleeps", overlap={"rule": "parallel", "limit": 2})
    with Daemon(tmp_path, jobs) as daemon:
        for _ in range(2):
            daemon.started(daemon.trigger("t_sleeps"))
        assert daemon.request("POST", "/scheduler/run/t_sleeps").status_code == 409


def test_overlap_replace_stops_the_old_run_and_then_starts(tmp_path):
    with Daemon(tmp_path, job_table("p_sleeps", overlap="replace")) as daemon:
        first = daemon.trigger("p_sleeps")
        daemon.started(first)
        second = daemon.trigger("p_sleeps")
        row = daemon.finished(first)
        assert (row["state"], row["error_type"]) == ("cancelled", "replaced")
        daemon.started(second)
        assert daemon.run(second)["started_at"] >= row["finished_at"]


# Catch-up and misfire grace

@pytest.mark.parametrize("rule, caught_up", [("once", 1), ("skip", 0), ({"rule": "all", "limit": 3}, 3)])
def test_what_passed_while_down_is_caught_up_by_the_rule_and_all_of_it_has_a_row(tmp_path, rule, caught_up):
    # In the first minute of an hour the last occurrence would be on time by the grace that is the default.
    with Daemon(tmp_path, job_table("t_ok", schedule="every hour", catch_up=rule, misfire_grace="1 second")) as daemon:
        wait_until(lambda: daemon.job("t_ok"), "the first sight of the job")
    last = last_occurrence_was(daemon, "t_ok", 6 * 3600, 3600)
    with daemon.start():
        rows = wait_until(
            lambda: (rows := daemon.rows()) and len(rows) >= 6 and all(r["state"] in ("succeeded", "missed") for r in rows) and rows,
            "all occurrences accounted for")
    passed = [row["scheduled_for"] for row in sorted(rows, key=lambda row: row["scheduled_for"])]
    assert passed == [last + 3600_000 * (i + 1) for i in range(len(passed))]
    fired = [row for row in rows if row["trigger"] == "catch_up"]
    # Just after the full hour the latest occurrence is on time and makes up for the others.
    on_time = [row for row in rows if row["trigger"] == "schedule" and row["state"] == "succeeded"]
    assert len(fired) == (caught_up if rule != "once" or not on_time else 0)
    assert [row["scheduled_for"] for row in fired] == sorted(row["scheduled_for"] for row in fired)
    assert all(row["state"] == "succeeded" for row in fired)
    assert all(row["scheduled_for"] <= time.time() * 1000 for row in rows)


def test_what_lies_before_the_window_is_one_row_that_says_how_far_it_reaches(tmp_path):
    jobs = job_table("t_ok", schedule="every hour", catch_up={"rule": "all", "limit": 10, "window": "150 minutes"})
    with Daemon(tmp_path, jobs) as daemon:
        wait_until(lambda: daemon.job("t_ok"), "the first sight of the job")
    last = last_occurrence_was(daemon, "t_ok", 20 * 3600, 3600)
    with daemon.start():
        rows = wait_until(
            lambda: (rows := daemon.rows()) and len(rows) >= 3 and all(r["state"] in ("succeeded", "missed") for r in rows) and rows,
            "all occurrences accounted for")
    missed = [row for row in rows if row["state"] == "missed"]
    assert [row["scheduled_for"] for row in missed] == [last + 3600_000]
    caught_up = [row["scheduled_for"] for row in rows if row["trigger"] == "catch_up"]
    assert 2 <= len(caught_up) <= 3 and min(caught_up) > last + 15 * 3600_000


def test_what_comes_too_late_for_the_grace_is_a_misfire_with_a_row_and_not_silent(tmp_path):
    jobs = job_table("t_ok", schedule="every 1 second", catch_up="skip", misfire_grace="1 second")
    with Daemon(tmp_path, jobs) as daemon:
        wait_until(lambda: daemon.rows("state = 'succeeded'"), "a run")
        daemon.process.send_signal(signal.SIGSTOP)
        # It takes part in nothing for as long as its job has three occurrences.
        until = time.time() + 3
        wait_until(lambda: time.time() > until, "the time of three occurrences")
        daemon.process.send_signal(signal.SIGCONT)
        wait_until(lambda: daemon.rows("state = 'missed'"), "a misfire")
        wait_until(lambda: daemon.rows("state = 'succeeded' AND scheduled_for > ?", (until * 1000 + 1000,)), "a run after it")
        rows = daemon.rows()
    at = sorted(row["scheduled_for"] for row in rows)
    assert at == list(range(at[0], at[-1] + 1, 1000))
    assert {row["state"] for row in rows} <= {"succeeded", "missed", "skipped", "running", "queued"}


def test_a_spread_that_has_grown_lets_no_later_start_forget_an_occurrence(tmp_path):
    with Daemon(tmp_path, job_table("t_ok", schedule="every hour")) as daemon:
        wait_until(lambda: daemon.job("t_ok"), "the first sight of the job")
    last = last_occurrence_was(daemon, "t_ok", 0, 3600)
    # Put off by 18 hours, many that lie before the last are still to come.
    daemon.configure(job_table("t_ok", schedule="every hour", spread="23 hours", catch_up="skip", misfire_grace="1 second"))
    with daemon.start():
        wait_until(lambda: daemon.job("t_ok"), "the job")
    change_facts(daemon, "t_ok", "calendar_since = calendar_since - 3 * 3600000")
    with daemon.start():
        rows = wait_until(lambda: (rows := daemon.rows("state = 'missed'")) and len(rows) >= 3 and rows, "what came to its time since")
    passed = sorted(row["scheduled_for"] for row in rows)
    assert passed == [passed[0] + 3600_000 * i for i in range(len(passed))]
    assert passed[-1] < last


def test_within_the_misfire_grace_an_occurrence_is_not_late(tmp_path):
    jobs = job_table("t_ok", schedule="every hour", catch_up="skip", misfire_grace="90 minutes")
    with Daemon(tmp_path, jobs) as daemon:
        wait_until(lambda: daemon.job("t_ok"), "the first sight of the job")
    last_occurrence_was(daemon, "t_ok", 3600, 3600)
    with daemon.start():
        row = wait_until(lambda: daemon.rows("state = 'succeeded'"), "the run")[0]
    assert row["trigger"] == "schedule"
    assert not daemon.rows("state = 'missed'")


# Retries

def test_a_failure_is_tried_again_and_its_attempts_are_linked(tmp_path, sink):
    jobs = job_table("p_fails", retry={"limit": 2, "delay": "100 ms", "factor": 3, "jitter": 0})
    with Daemon(tmp_path, jobs, mail=mail_table(sink.port)) as daemon:
        first = daemon.trigger("p_fails", error="still broken")
        rows = wait_until(
            lambda: rows if len(rows := daemon.rows("state = 'failed'")) == 3 else None, "three attempts")
        assert [row["attempt"] for row in rows] == [1, 2, 3]
        assert [row["retry_of"] for row in rows] == [None, first, rows[1]["id"]]
        assert [row["trigger"] for row in rows] == ["manual", "retry", "retry"]
        assert all(row["error_message"] == "still broken" for row in rows)
        # Counted from when the supervisor has heard of the end.
        waits = [row["not_before"] - before["finished_at"] for before, row in zip(rows, rows[1:])]
        assert waits[0] >= 100 and waits[1] >= 300
        assert all(row["started_at"] >= row["not_before"] for row in rows[1:])
        wait_until(lambda: subjects(sink), "the mail on the last attempt")
    assert len(subjects(sink)) == 1


def test_only_the_outcomes_that_the_policy_names_are_tried_again(tmp_path):
    jobs = job_table("p_fails", retry={"limit": 1, "delay": "50 ms", "on": ["timed_out"]})
    with Daemon(tmp_path, jobs) as daemon:
        daemon.finished(daemon.trigger("p_fails"))
        daemon.finished(daemon.trigger("t_ok"))
        assert len(daemon.rows("job_name = 'p_fails'")) == 1


def test_a_retry_survives_a_restart_and_can_be_cancelled(tmp_path):
    jobs = job_table("p_fails", retry={"limit": 1, "delay": "1 hour"})
    with Daemon(tmp_path, jobs) as daemon:
        first = daemon.trigger("p_fails")
        daemon.finished(first)
        waiting = wait_until(lambda: daemon.rows("state = 'queued'"), "the retry's row")[0]
        daemon.kill()
        daemon.start()
        row = daemon.run(waiting["id"])
        assert (row["state"], row["retry_of"], row["attempt"]) == ("queued", first, 2)
        assert daemon.cancel(waiting["id"]) == 202
        assert daemon.finished(waiting["id"])["state"] == "cancelled"


def test_a_lost_run_is_tried_again_after_the_restart(tmp_path):
    jobs = job_table("p_sleeps", retry={"limit": 1, "delay": "50 ms", "on": ["lost"]})
    with Daemon(tmp_path, jobs) as daemon:
        first = daemon.trigger("p_sleeps")
        daemon.started(first)
        daemon.kill()
        daemon.start()
        retry = wait_until(lambda: daemon.rows("trigger = 'retry' AND state = 'running'"), "the second attempt")[0]
        assert retry["retry_of"] == first
        assert daemon.run(first)["state"] == "lost"


# Dependencies

def test_a_job_runs_when_all_that_it_waits_for_have_succeeded(tmp_path):
    with Daemon(tmp_path, job_table("t_counts", after=["t_ok", "p_ok"])) as daemon:
        daemon.finished(daemon.trigger("t_ok"))
        daemon.finished(daemon.trigger("t_ok"))
        assert not daemon.rows("job_name = 't_counts'")
        daemon.finished(daemon.trigger("p_ok"))
        row = wait_until(lambda: daemon.rows("job_name = 't_counts' AND state = 'succeeded'"), "the dependent run")[0]
        assert row["trigger"] == "dependency"
        daemon.finished(daemon.trigger("p_ok"))
        assert len(daemon.rows("job_name = 't_counts'")) == 1


def test_what_ended_before_a_job_was_known_does_not_make_it_due(tmp_path):
    with Daemon(tmp_path) as daemon:
        daemon.trigger_and_finish("t_ok")
        daemon.configure(job_table("follower", command=["/bin/true"], after=["t_ok"]))
        assert daemon.reload().status_code == 200
        daemon.trigger_and_finish("p_ok")
        assert not daemon.rows("job_name = 'follower'")
        daemon.trigger_and_finish("t_ok")
        wait_until(lambda: daemon.rows("job_name = 'follower' AND state = 'succeeded'"), "the dependent run")


@pytest.mark.parametrize("on, before, runs", [
    ("success", "p_ok", True), ("success", "p_fails", False), ("failure", "p_fails", True), ("failure", "p_ok", False),
    ("always", "p_fails", True), ("always", "p_ok", True)])
def test_a_job_waits_for_the_ends_that_it_names(tmp_path, on, before, runs):
    # The other follower shows when the end has been looked at.
    jobs = job_table("t_ok", after=[before], on=on) + job_table("t_echo", after=[before], on="always")
    with Daemon(tmp_path, jobs) as daemon:
        daemon.finished(daemon.trigger(before))
        wait_until(lambda: daemon.rows("job_name = 't_echo' AND state = 'succeeded'"), "the run of the other follower")
        followed = "job_name = 't_ok' AND trigger = 'dependency'"
        if runs:
            wait_until(lambda: daemon.rows(f"{followed} AND state = 'succeeded'"), "the dependent run")
        else:
            assert not daemon.rows(followed)


def test_a_cycle_of_dependencies_is_refused_and_printed(tmp_path):
    with Daemon(tmp_path) as daemon:
        daemon.configure("".join(job_table(name, shell="true", after=[other]) for name, other in ("ab", "bc", "ca")))
        answer = daemon.reload()
        assert answer.status_code == 422 and "a → b → c → a" in answer.json()["detail"]


# Concurrency

def test_a_group_bounds_its_runs_and_the_higher_priority_goes_first(tmp_path):
    jobs = "[groups.database]\nlimit = 1\n" + "".join(
        job_table(name, group="database", priority=priority)
        for name, priority in (("p_sleeps", 0), ("p_ok", 0), ("p_no_op", 10)))
    with Daemon(tmp_path, jobs, supervisor="processes = 4") as daemon:
        first = daemon.trigger("p_sleeps")
        daemon.started(first)
        low, high = daemon.trigger("p_ok"), daemon.trigger("p_no_op")
        assert [daemon.run(run)["state"] for run in (low, high)] == ["queued", "queued"]
        daemon.finished(daemon.trigger("p_echo"))
        daemon.cancel(first)
        assert daemon.finished(high)["finished_at"] <= daemon.finished(low)["started_at"]


def test_cpu_bound_runs_at_once_are_bounded(tmp_path):
    with Daemon(tmp_path, supervisor="processes = 1") as daemon:
        first = daemon.trigger("p_sleeps")
        daemon.started(first)
        waiting = [daemon.trigger(job) for job in ("p_ok", "p_no_op", "p_echo")]
        daemon.cancel(first)
        ended = [daemon.finished(run) for run in waiting]
        assert [row["started_at"] for row in ended] == sorted(row["started_at"] for row in ended)


# Spread

def test_the_spread_moves_a_job_by_a_fixed_part_of_its_window(tmp_path):
    jobs = job_table("t_ok", schedule="every day at 00:00", spread="20 hours") + job_table("p_ok", schedule="every day at 00:00")
    with Daemon(tmp_path, jobs) as daemon:
        moved = daemon.job("t_ok")["next_occurrence"]
        assert daemon.job("p_ok")["next_occurrence"].endswith("T00:00:00.000Z")
        assert not moved.endswith("T00:00:00.000Z")
        daemon.stop()
        daemon.start()
        assert daemon.job("t_ok")["next_occurrence"] == moved


# Pause

@pytest.mark.parametrize("scope", [{"job": "t_ok"}, {"group": "database"}, {"all": True}])
def test_a_pause_skips_with_who_and_why_and_survives_a_restart(tmp_path, scope):
    jobs = "[groups.database]\nlimit = 1\n" + job_table("t_ok", schedule="every 1 second", group="database")
    with Daemon(tmp_path, jobs) as daemon:
        daemon.pause(**scope)
        skipped = wait_until(lambda: daemon.rows("error_type = 'paused'"), "a skipped occurrence")[0]
        assert skipped["state"] == "skipped" and "tester" in skipped["error_message"]
        pause = daemon.job("t_ok")["pause"]
        assert pause["paused_by"] == "tester" and pause["paused_at"] <= daemon.run(skipped["id"])["queued_at"]
        daemon.kill()
        daemon.start()
        assert daemon.job("t_ok")["pause"] == pause
        fired = len(daemon.rows("state = 'succeeded'"))
        count = len(daemon.rows("error_type = 'paused'"))
        wait_until(lambda: len(daemon.rows("error_type = 'paused'")) > count + 1, "further skipped occurrences")
        assert len(daemon.rows("state = 'succeeded'")) == fired
        assert daemon.finished(daemon.trigger("t_ok"))["state"] == "succeeded"
        daemon.resume(**scope)
        wait_until(lambda: len(daemon.rows("state = 'succeeded'")) > fired + 1, "runs after the resume")


def test_under_a_pause_a_dependent_is_skipped_and_a_retry_waits_for_its_end(tmp_path):
    jobs = job_table("t_counts", after=["t_ok"]) + job_table("p_fails", retry={"limit": 1, "delay": "10 ms", "jitter": 0})
    with Daemon(tmp_path, jobs) as daemon:
        daemon.pause(all=True)
        daemon.trigger_and_finish("t_ok")
        skipped = wait_until(lambda: daemon.rows("trigger = 'dependency'"), "the row of the dependent")[0]
        assert (skipped["state"], skipped["error_type"]) == ("skipped", "paused")
        daemon.trigger_and_finish("p_fails")
        retry = wait_until(lambda: daemon.rows("trigger = 'retry'"), "the row of the retry")[0]["id"]
        # What a person asks for runs all the same, and by now the retry is due.
        daemon.trigger_and_finish("p_ok")
        assert daemon.run(retry)["state"] == "queued"
        daemon.resume(all=True)
        assert daemon.finished(retry)["state"] == "failed"


def test_a_pause_of_what_is_not_there_is_refused(tmp_path):
    with Daemon(tmp_path) as daemon:
        for scope in ({"job": "nobody"}, {"group": "nobody"}):
            assert daemon.request("POST", "/scheduler/pause", scope="admin", json=scope).status_code == 404


# Deadlines

def test_an_occurrence_that_is_not_finished_in_time_is_announced_as_late(tmp_path, sink):
    jobs = job_table("t_sleeps", schedule="every 1 second", finish_within="1 second")
    with Daemon(tmp_path, jobs, mail=mail_table(sink.port)) as daemon:
        wait_until(lambda: "[rota] t_sleeps is late" in subjects(sink), "the mail")
        wait_until(lambda: daemon.rows("late_since IS NOT NULL AND state = 'running'"), "the mark in the row")


def test_an_occurrence_that_never_started_is_late_too(tmp_path, sink):
    jobs = job_table("p_ok", schedule="every 1 second", finish_within="1 second")
    with Daemon(tmp_path, jobs, mail=mail_table(sink.port), supervisor="processes = 1") as daemon:
        daemon.started(daemon.trigger("p_sleeps"))
        wait_until(lambda: "[rota] p_ok is late" in subjects(sink), "the mail")


def test_a_job_without_a_success_for_too_long_is_announced_once_and_so_is_its_recovery(tmp_path, sink):
    jobs = job_table("t_ok", success_within="1 second")
    with Daemon(tmp_path, jobs, mail=mail_table(sink.port)) as daemon:
        wait_until(lambda: [s for s in subjects(sink) if "t_ok has not succeeded" in s], "the mail")
        daemon.kill()
        daemon.start()
        daemon.finished(daemon.trigger("t_ok"))
        wait_until(lambda: "[rota] t_ok works again" in subjects(sink), "the mail on the recovery")
    # The watch begins anew with the success, so that a second silence may have been told since. A mail that was
    # taken just before the kill comes again, under its id.
    told = [(mail["Subject"], mail["Message-ID"]) for mail in sink.mails()]
    recovery = next(i for i, (subject, _) in enumerate(told) if subject == "[rota] t_ok works again")
    assert len(set(told[:recovery])) == 1
