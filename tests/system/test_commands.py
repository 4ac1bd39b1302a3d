"""Programs in any language as jobs of the real daemon."""

import datetime
import json
import os
import pathlib
import signal
import subprocess
import sys

import pytest

from system.daemon_under_test import BIN, Daemon, alive, job_table, wait_until

SOURCE = pathlib.Path(os.environ["ROTA_SOURCE"])


def days_until(instant):
    return (datetime.datetime.fromisoformat(instant) - datetime.datetime.now(datetime.timezone.utc)).total_seconds() / 86400


def sh(text, **settings):
    return dict(shell=text, **settings)


def test_a_shell_a_python_and_a_cpp_job_run_side_by_side(tmp_path):
    examples = SOURCE / "jobs" / "commands"
    lines = "Brussels\nStrasbourg\n"
    jobs = (job_table("shell_job", command=[str(examples / "report_progress.sh")], standard_input=lines)
            + job_table("python_job", command=[sys.executable, str(examples / "report_progress.py")], standard_input=lines))
    with Daemon(tmp_path, jobs) as daemon:
        runs = [daemon.trigger(job) for job in ("shell_job", "python_job", "p_ok")]
        for run in runs:
            row = daemon.finished(run)
            assert row["state"] == "succeeded", row
            assert row["lines_added"] == (1 if row["job_name"] == "p_ok" else 2)


def test_output_is_the_log_and_exit_status_the_outcome(tmp_path):
    jobs = (job_table("good", **sh("echo to stdout; echo to stderr >&2"))
            + job_table("bad", **sh("echo before; exit 3"))
            + job_table("warned", **sh("exit 3", success_exit_codes=[0, 3]))
            + job_table("killed", **sh("kill -9 $$"))
            + job_table("absent", command=["/nonexistent/program"]))
    with Daemon(tmp_path, jobs) as daemon:
        row = daemon.trigger_and_finish("good")
        assert row["state"] == "succeeded"
        assert daemon.log(row["id"]).splitlines() == ["to stdout", "to stderr"]
        bad = daemon.trigger_and_finish("bad")
        assert (bad["state"], bad["exit_code"], bad["error_type"]) == ("failed", 3, "exit")
        assert daemon.log(bad["id"]) == "before\n"
        assert daemon.trigger_and_finish("warned")["state"] == "succeeded"
        killed = daemon.trigger_and_finish("killed")
        assert (killed["state"], killed["signal"]) == ("crashed", signal.SIGKILL)
        absent = daemon.trigger_and_finish("absent")
        assert (absent["state"], absent["error_type"]) == ("failed", "start")
        assert "/nonexistent/program" in absent["error_message"]


def test_the_environment_is_clean_and_tells_about_the_run(tmp_path):
    jobs = job_table("shows", **sh("env", environment={"GREETING": "hello"}, pass_environment=["PASSED_ON"],
                                   parameters={"depth": "3"}, timeout="10 minutes"))
    with Daemon(tmp_path, jobs, environment={"PASSED_ON": "yes", "A_SECRET": "hidden"}) as daemon:
        row = daemon.trigger_and_finish("shows")
        found = dict(line.split("=", 1) for line in daemon.log(row["id"]).splitlines() if "=" in line)
    assert found["GREETING"] == "hello" and found["PASSED_ON"] == "yes"
    assert "A_SECRET" not in found
    assert found["ROTA_RUN_ID"] == str(row["id"])
    assert (found["ROTA_JOB"], found["ROTA_ATTEMPT"], found["ROTA_TRIGGER"]) == ("shows", "1", "manual")
    assert found["ROTA_PARAM_DEPTH"] == "3"
    assert found["ROTA_DEADLINE"] > row["started_at"]
    assert "ROTA_SCHEDULED_FOR" not in found


def test_a_scheduled_command_knows_its_occurrence(tmp_path):
    with Daemon(tmp_path, job_table("shows", **sh("echo $ROTA_SCHEDULED_FOR", schedule="every 1 second"))) as daemon:
        row = wait_until(lambda: daemon.rows("state = 'succeeded'"), "a run")[0]
        shown = daemon.run(row["id"])["scheduled_for"]
        assert daemon.log(row["id"]).strip()[:19] == shown[:19]


def test_directory_umask_nice_limits_and_standard_input_are_as_configured(tmp_path):
    text = "pwd; umask; nice; ulimit -n; ulimit -f; cat"
    jobs = job_table("prepared", **sh(text, directory=str(tmp_path), umask="027", nice=5, standard_input="from the configuration\n",
                                      limits={"open_files": 64, "file_size": "1 MiB"}))
    with Daemon(tmp_path, jobs) as daemon:
        row = daemon.trigger_and_finish("prepared")
        lines = daemon.log(row["id"]).splitlines()
    assert row["state"] == "succeeded"
    assert lines[0] == str(tmp_path)
    assert int(lines[1], 8) == 0o027
    assert int(lines[2]) == 5
    assert lines[3:] == ["64", "2048", "from the configuration"]


def test_each_limit_and_the_io_class_reach_the_command(tmp_path):
    text = "ulimit -v; ulimit -t; ulimit -n; ulimit -u; ulimit -f; ionice"
    limits = {"memory": "512 MiB", "cpu": "10 minutes", "open_files": 64, "processes": 1000, "file_size": "1 MiB"}
    jobs = job_table("limited", command=["/bin/bash", "-c", text], limits=limits, io_class="idle")
    # Without a cgroup of their own the limits of memory and processes are those of the process.
    with Daemon(tmp_path, jobs, environment={"ROTA_CGROUP": str(tmp_path)}) as daemon:
        row = daemon.trigger_and_finish("limited")
        assert daemon.log(row["id"]).splitlines() == ["524288", "600", "64", "1000", "1024", "idle"]


@pytest.mark.parametrize("settings, shown", [({"user": "nobody"}, "nobody nogroup"),
                                             ({"user": "nobody", "user_group": "daemon"}, "nobody daemon"),
                                             ({"user": 1}, "daemon daemon")])
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_command_runs_as_its_user_and_group(tmp_path, settings, shown):
    with Daemon(tmp_path, job_table("who", shell="echo $(id -un) $(id -gn)", **settings)) as daemon:
        row = daemon.trigger_and_finish("who")
        assert daemon.log(row["id"]).strip() == shown


def test_a_command_past_its_timeout_is_gone_with_its_children(tmp_path):
    pids = tmp_path / "pids"
    text = f"trap '' TERM; sleep 1000 & echo $! >> {pids}; echo $$ >> {pids}; wait; while :; do wait; done"
    with Daemon(tmp_path, job_table("stuck", **sh(text, timeout="1 second", grace="500 ms"))) as daemon:
        row = daemon.trigger_and_finish("stuck")
        assert row["state"] == "timed_out"
        assert not [pid for pid in pids.read_text().split() if alive(int(pid))]


def test_progress_of_a_command_is_shown_while_it_runs(tmp_path):
    text = """echo '{"type":"progress","done":3,"total":9,"message":"three"}' >&"$ROTA_EVENTS_FD"; read line < "$GATE" """
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    with Daemon(tmp_path, job_table("reports", command=["/bin/bash", "-c", text], environment={"GATE": str(gate)})) as daemon:
        run = daemon.trigger("reports")
        progress = wait_until(lambda: daemon.run(run)["progress"], "the progress")
        assert progress == {"done": 3, "total": 9, "message": "three"}
        gate.write_text("go\n")
        assert daemon.finished(run)["state"] == "succeeded"


def test_an_imported_crontab_is_checked_forecast_and_fired(tmp_path):
    daemon = Daemon(tmp_path)
    jobs = tmp_path / "jobs.d"
    jobs.mkdir()
    crontab = tmp_path / "crontab"
    crontab.write_text("CRON_TZ=Europe/Brussels\n# says hello\n* * * * * echo hello\n20 2 * * 1-5 echo night\n")
    done = subprocess.run([BIN / "rota", "import", "crontab", crontab, "--directory", jobs], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for command in (["check"], ["forecast", "--days", "2"]):
        seen = subprocess.run([BIN / "rota", *command, "--config", daemon.configuration], capture_output=True, text=True)
        assert seen.returncode == 0, seen.stderr
        assert "echo" in seen.stdout
    with daemon:
        names = [job["name"] for job in daemon.request("GET", "/scheduler/jobs").json()["jobs"] if job["kind"] == "command"]
        assert len(names) == 2
        logs = [daemon.log(daemon.trigger_and_finish(name)["id"]) for name in names]
        assert sorted(logs) == ["hello\n", "night\n"]


def test_a_crontab_of_forty_lines_is_taken_whole(tmp_path):
    daemon = Daemon(tmp_path)
    jobs = tmp_path / "jobs.d"
    jobs.mkdir()
    crontab = SOURCE / "tests" / "supervisor" / "crontab" / "user.crontab"
    subprocess.run([BIN / "rota", "import", "crontab", crontab, "--directory", jobs], capture_output=True, text=True)
    forecast = subprocess.run([BIN / "rota", "forecast", "--days", "7", "--config", daemon.configuration, "--json"],
                              capture_output=True, text=True)
    assert forecast.returncode == 0, forecast.stderr
    forecasted = {job["name"]: job["usual"]["runs"] for job in json.loads(forecast.stdout)["jobs"]}
    with daemon:
        commands = [job for job in daemon.request("GET", "/scheduler/jobs").json()["jobs"] if job["kind"] == "command"]
    assert len(commands) == 39 and all(job["next_occurrence"] for job in commands)
    within_a_week = {job["name"] for job in commands if days_until(job["next_occurrence"]) < 6}
    assert within_a_week and within_a_week <= {name for name, runs in forecasted.items() if runs > 0}


def test_a_killed_supervisor_leaves_nothing_of_a_command(tmp_path):
    pids = tmp_path / "pids"
    text = f"sleep 1000 & echo $! >> {pids}; setsid sleep 1000 & echo $! >> {pids}; echo $$ >> {pids}; wait"
    with Daemon(tmp_path, job_table("parent", **sh(text))) as daemon:
        daemon.started(daemon.trigger("parent"))
        started = wait_until(lambda: found if pids.exists() and len(found := pids.read_text().split()) == 3 else None, "the pids")
        daemon.kill()
        wait_until(lambda: not [pid for pid in started if alive(int(pid))], "the end of all of them")
