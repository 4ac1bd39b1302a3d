"""The supervisor is killed at one named point of what it does with one run, and started again."""

import contextlib
import errno
import signal

import pytest

from smtp_sink import SmtpSink
from system.daemon_under_test import Daemon, in_seconds, job_table, processes_with, wait_until, workers_of
from system.dying_daemon import born, dies_at, lines, mail_table, message_id, outbox
from system.failing_calls import FailingCalls


def test_what_a_run_has_left_is_killed_by_the_next_supervisor(tmp_path):
    anchor = tmp_path / "anchor"
    leaves = f"(setsid sh -c 'touch {anchor}; exec tail -f {anchor} >/dev/null' &); until test -e {anchor}; do :; done"
    # The group is gone then, and in it the guardian, and the session is not hunted yet.
    daemon = Daemon(tmp_path, job_table("leaves", shell=leaves), environment=dies_at("kill", "after"))
    with daemon.start():
        with contextlib.suppress(OSError):
            daemon.trigger("leaves")
        wait_until(lambda: daemon.process.poll() is not None, "its end")
        assert processes_with(str(anchor))
        daemon.environment = {}
        daemon.start()
        assert not processes_with(str(anchor))
        assert "had left" in daemon.output.read_text()


class Alone:
    """A daemon with one manual job at a time, which ends itself at a point once `arm` has been called."""

    def __init__(self, home, sink, *point):
        self.home, self.sink, self.armed = home, sink, home / "armed"
        jobs = job_table("p_touch", parameters={"path": home / "done"}) + job_table("p_sleeps", parameters={
            "release": home / "release"})
        self.daemon = Daemon(home, jobs, mail_table(sink.port), environment=dies_at(*point, armed=self.armed))

    def dies(self):
        wait_until(lambda: self.daemon.process.poll() is not None, "its end")
        assert self.daemon.process.returncode == -signal.SIGKILL
        self.daemon.environment = {}

    def row(self):
        return self.daemon.rows()[0]

    def mails(self):
        return [message_id(str(mail)) for mail in self.sink.mails()]


@pytest.fixture(name="alone")
def one_alone(tmp_path):
    with SmtpSink(tmp_path / "inbox") as sink, contextlib.ExitStack() as daemons:
        def make(*point):
            made = Alone(tmp_path, sink, *point)
            daemons.enter_context(made.daemon.start())
            return made
        yield make


@pytest.mark.parametrize("call", ["posix_spawn", "fork"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_whose_process_came_while_its_row_was_written_never_begins(alone, call, when):
    it = alone(call, when)
    it.armed.touch()
    with contextlib.suppress(OSError):
        it.daemon.trigger("p_touch")
    it.dies()
    rows = it.daemon.rows()
    assert [row["state"] for row in rows] in ([], ["running"])
    with it.daemon.start():
        assert [it.daemon.finished(row["id"])["state"] for row in rows] == ["lost"] * len(rows)
    assert not lines(it.home / "done")
    assert len(it.daemon.rows()) == len(rows)


def test_a_process_whose_row_is_not_on_disk_goes_with_the_supervisor_and_its_job_runs_once_by_the_next(tmp_path):
    faults = FailingCalls(tmp_path)
    due = job_table("p_touch", schedule=in_seconds(3), catch_up="once", parameters={"path": tmp_path / "done"})
    daemon = Daemon(tmp_path, due, environment=faults.environment)
    with daemon.start():
        with faults.failing(writes=errno.ENOSPC):
            worker = born(wait_until(lambda: workers_of(daemon.process.pid), "the worker")[0])
            assert not daemon.rows()
            daemon.kill()
        wait_until(lambda: born(worker[0]) != worker, "the end of the worker")
        assert not daemon.rows() and not lines(tmp_path / "done")
        daemon.start()
        wait_until(lambda: [row["state"] for row in daemon.rows()] == ["succeeded"], "its run")
        assert len(lines(tmp_path / "done")) == 1


def test_a_process_waits_for_its_row_as_long_as_the_disk_is_full(tmp_path):
    faults = FailingCalls(tmp_path)
    due = job_table("p_touch", schedule=in_seconds(3), parameters={"path": tmp_path / "done"})
    daemon = Daemon(tmp_path, due, environment=faults.environment)
    with daemon.start():
        with faults.failing(writes=errno.ENOSPC):
            worker = wait_until(lambda: workers_of(daemon.process.pid), "the worker")
            wait_until(lambda: "cannot be written" in daemon.output.read_text(), "the trouble")
            assert workers_of(daemon.process.pid) == worker and not daemon.rows()
            assert not lines(tmp_path / "done")
        wait_until(lambda: [row["state"] for row in daemon.rows()] == ["succeeded"], "its run")
        assert len(lines(tmp_path / "done")) == 1


@pytest.mark.parametrize("when, done", [("before", {0}), ("after", {0, 1})])
def test_a_run_that_was_about_to_begin_or_had_just_begun_is_lost_and_not_repeated(alone, when, done):
    # The start message goes into a pipe, whose name is pipe:[NUMBER].
    it = alone("write", when, "]")
    it.armed.touch()
    with contextlib.suppress(OSError):
        it.daemon.trigger("p_touch")
    it.dies()
    assert it.row()["state"] == "running"
    with it.daemon.start():
        assert it.daemon.finished(it.row()["id"])["state"] == "lost"
        wait_until(lambda: len(it.mails()) == 1, "the mail on it")
    assert len(lines(it.home / "done")) in done
    assert len(it.daemon.rows()) == 1


@pytest.mark.parametrize("call, when, state", [
    ("pwrite64", "before", "lost"), ("pwrite64", "half", "lost"), ("fdatasync", "before", "succeeded"),
    ("fdatasync", "after", "succeeded"),
])
def test_an_outcome_counts_once_it_is_written_whole(alone, call, when, state):
    it = alone(call, when, "-wal")
    run = it.daemon.trigger("p_sleeps")
    it.daemon.started(run)
    it.armed.touch()
    (it.home / "release").touch()
    it.dies()
    with it.daemon.start():
        row = it.daemon.finished(run)
    assert row["state"] == state
    assert [row["state"] for row in it.daemon.rows()] == [state]


def test_a_mail_that_was_committed_and_not_sent_is_sent_once(alone):
    it = alone("connect", "before")
    it.armed.touch()
    run = it.daemon.trigger("t_fails")
    it.dies()
    assert it.row()["state"] == "failed" and not it.mails()
    with it.daemon.start():
        wait_until(it.mails, "the mail")
        # A further failure is a summary's, so that the next mail would be the same again.
        it.daemon.trigger_and_finish("t_fails")
        wait_until(lambda: not outbox(it.daemon), "an empty outbox")
    assert it.mails() == [f"run-{run}-failure-{it.row()['queued_at']}"]


def test_a_mail_that_was_handed_over_and_not_recorded_comes_again_under_the_same_name(alone):
    it = alone("pwrite64", "before", "-wal")
    it.sink.before_answer = it.armed.touch
    run = it.daemon.trigger("t_fails")
    it.dies()
    it.sink.before_answer = None
    with it.daemon.start():
        wait_until(lambda: len(it.mails()) == 2, "the mail again")
        wait_until(lambda: not outbox(it.daemon), "an empty outbox")
    assert it.mails() == 2 * [f"run-{run}-failure-{it.row()['queued_at']}"]
