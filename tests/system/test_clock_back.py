"""A clock that is set back: what has its row is not fired again, what the clock comes to fires, and nothing waits for the time
that has gone."""

import contextlib
import time

import pytest

from smtp_sink import SmtpSink
from system.clock import EACH_SECOND, STEPS, ClockedDaemon, clock, fires_on, none_twice, rows_of  # noqa: F401
from system.daemon_under_test import job_table, wait_until
from system.test_mail import mail_table


@pytest.mark.parametrize("step", STEPS)
def test_a_clock_set_back_fires_nothing_twice_and_nothing_waits_for_the_old_time(tmp_path, clock, step):
    jobs = EACH_SECOND + job_table("p_sleeps", timeout="4 s", grace="1 s")
    jobs += job_table("t_fails", retry={"limit": 1, "delay": "3 s", "jitter": 0})
    jobs += job_table("t_no_op", schedule="1 second after finish")
    with contextlib.ExitStack() as servers:
        sink = servers.enter_context(SmtpSink(tmp_path / "inbox"))
        sink.refuse = "451 later"
        with ClockedDaemon(tmp_path, jobs, mail=mail_table(sink.port), environment=clock.environment) as daemon:
            wait_until(lambda: len(rows_of(daemon, "t_ok")) >= 3, "occurrences before")
            sleeping = daemon.trigger("p_sleeps")
            daemon.started(sleeping)
            if step == "a day":
                daemon.finished(daemon.trigger("p_throws"))
                wait_until(lambda: "was not taken" in daemon.output.read_text(), "the mail that waits")
            daemon.finished(daemon.trigger("t_fails"))
            wait_until(lambda: len(rows_of(daemon, "t_fails")) == 2, "the retry that waits")
            sink.refuse = None
            clock.set(daemon, -STEPS[step])
            fires_on(daemon, clock, "t_ok")
            assert daemon.finished(sleeping)["state"] == "timed_out"
            wait_until(lambda: [row["attempt"] for row in rows_of(daemon, "t_fails") if row["finished_at"]] == [1, 2],
                       "the retry")
            if step == "a day":
                wait_until(lambda: any("p_throws" in mail["Subject"] for mail in sink.mails()), "the mail")
            fires_on(daemon, clock, "t_no_op")
            # Back to the time of the occurrences that have their rows, and on.
            clock.set(daemon, -3)
            fires_on(daemon, clock, "t_ok")
            clock.set(daemon, 0)
            fires_on(daemon, clock, "t_ok")
        none_twice(daemon, ("t_ok",))
        assert daemon.process.returncode == 0


def test_an_occurrence_that_comes_up_again_takes_nobodys_place(tmp_path, clock):
    every = job_table("p_sleeps", schedule="every 3 seconds", overlap={"rule": "replace"})
    with ClockedDaemon(tmp_path, every, environment=clock.environment) as daemon:
        row = wait_until(lambda: [row for row in rows_of(daemon, "p_sleeps") if row["state"] == "running"], "a run")[0]
        # Half a second before its occurrence, in the second after it.
        clock.set(daemon, (row["scheduled_for"] - 500 - int(time.time() * 1000)) // 1000)
        again = row["scheduled_for"] + 1000
        wait_until(lambda: clock.now_ms() > again, "the occurrence that comes up again")
        assert daemon.run(row["id"])["state"] == "running"
        wait_until(lambda: daemon.run(row["id"])["error_type"] == "replaced", "the next one")
