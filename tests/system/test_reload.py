"""A new configuration is taken whole or not at all."""

import signal

from system.daemon_under_test import Daemon, job_table, wait_until


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
