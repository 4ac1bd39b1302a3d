"""A new configuration is taken whole or not at all."""

import concurrent.futures
import contextlib
import signal

from system.daemon_under_test import LIB, Daemon, job_table, wait_until


def test_a_reload_adds_changes_and_removes_jobs_and_leaves_running_runs_alone(tmp_path):
    with Daemon(tmp_path, job_table("p_sleeps") + job_table("t_ok", schedule="every hour")
                + job_table("cleanup", command=["/bin/true"])) as daemon:
        run = daemon.trigger("p_sleeps")
        daemon.started(run)
        daemon.configure(job_table("p_sleeps", timeout="1 hour") + job_table("t_ok", schedule="every day at 03:00")
                         + job_table("report", command=["/bin/echo", "hello"]))
        answer = daemon.reload()
        assert answer.status_code == 200, answer.text
        counts = answer.json()
        assert (counts["added"], counts["removed"], counts["changed"]) == (1, 1, 2)
        assert daemon.job("t_ok")["schedule"] == "every day at 03:00 in UTC"
        assert daemon.request("GET", "/scheduler/jobs/cleanup").status_code == 404
        assert daemon.finished(daemon.trigger("report"))["state"] == "succeeded"
        assert daemon.run(run)["state"] == "running"
        daemon.cancel(run)
        assert daemon.finished(run)["state"] == "cancelled"


def test_a_wrong_configuration_changes_nothing_and_the_fault_is_shown_to_who_asked(tmp_path):
    with Daemon(tmp_path, job_table("t_ok", schedule="every hour")) as daemon:
        daemon.configure(job_table("t_ok", schedule="every day at 03:00") + job_table("p_ok", schedul="every hour"))
        answer = daemon.reload()
        assert answer.status_code == 422
        assert "schedul" in answer.json()["detail"] and "did you mean schedule" in answer.json()["detail"]
        assert daemon.job("t_ok")["schedule"] == "every hour in UTC"


def test_sighup_reloads(tmp_path):
    with Daemon(tmp_path, job_table("t_ok", schedule="every hour")) as daemon:
        daemon.configure(job_table("t_ok", schedule="every day at 03:00"))
        daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: daemon.job("t_ok")["schedule"] == "every day at 03:00 in UTC", "the new schedule")
        daemon.configure("[jobs.t_ok]\nschedule = 7\n")
        daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "not reloaded" in daemon.output.read_text(), "the refusal in the log")
        assert daemon.job("t_ok")["schedule"] == "every day at 03:00 in UTC"


def test_what_is_fixed_until_a_restart_is_refused_by_name(tmp_path):
    with Daemon(tmp_path) as daemon:
        daemon.configure(supervisor="threads = 3")
        answer = daemon.reload()
        assert answer.status_code == 422 and "supervisor.threads" in answer.json()["detail"]


def test_an_unchanged_fixed_delay_keeps_its_place(tmp_path):
    with Daemon(tmp_path, job_table("t_ok", schedule="1 hour after finish")) as daemon:
        wait_until(lambda: daemon.rows("state = 'succeeded'"), "its first run")
        due = wait_until(lambda: daemon.job("t_ok")["next_occurrence"], "its next occurrence")
        daemon.configure(job_table("t_ok", schedule="1 hour after finish", timeout="3 minutes"))
        assert daemon.reload().json()["changed"] == 1
        assert daemon.job("t_ok")["next_occurrence"] == due


@contextlib.contextmanager
def held_reload(tmp_path, jobs=""):
    """A daemon that reads its configuration until the file is gone, the file, and the answer that its reload will have."""
    hold = tmp_path / "hold"
    modules = f'module_directories = ["{LIB}/test-modules", "{LIB}/registers-slowly"]'
    with Daemon(tmp_path, jobs, modules=modules, environment={"ROTA_TEST_HOLD": str(hold)}) as daemon:
        hold.touch()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            try:
                answer = pool.submit(daemon.reload)
                wait_until(hold.read_text, "the reading")
                yield daemon, hold, answer
            finally:
                hold.unlink(missing_ok=True)


def test_everybody_is_answered_while_a_new_configuration_is_read(tmp_path):
    with held_reload(tmp_path) as (daemon, hold, answer):
        assert daemon.trigger_and_finish("p_ok")["state"] == "succeeded"
        assert not answer.done()
        hold.unlink()
        assert answer.result().status_code == 200


def test_who_asks_while_a_configuration_is_read_is_answered_by_a_later_one(tmp_path):
    with held_reload(tmp_path) as (daemon, hold, first):
        daemon.configure(job_table("late", command=["/bin/true"]))
        with concurrent.futures.ThreadPoolExecutor() as pool:
            second = pool.submit(daemon.reload)
            hold.unlink()
            assert first.result().status_code == second.result().status_code == 200
        assert daemon.trigger_and_finish("late")["state"] == "succeeded"


def test_a_stop_waits_for_the_reading_of_a_configuration(tmp_path):
    with held_reload(tmp_path) as (daemon, hold, answer):
        daemon.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "stopping" in daemon.output.read_text(), "the stop")
        hold.unlink()
        assert answer.result().status_code == 200
        assert daemon.process.wait(timeout=60) == 0
