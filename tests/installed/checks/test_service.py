"""The service as systemd sees it: started, asked to reload, killed, hanging, stopped, restarted."""

import itertools
import os
import pathlib
import signal
import subprocess

from installed import (
    JOBS,
    URL,
    a_token,
    add_jobs,
    ask,
    drop_in,
    http_status,
    is_active,
    main_pid,
    processes_with,
    rows,
    run,
    run_row,
    show,
    started,
    stop_all,
    succeed,
    trigger,
    wait_until,
)

# What a run leaves behind if it can: a process in a session of its own. The numbers are to be found again.
SLEEPER = """
[jobs.sleeper]
shell = "setsid sleep 86391 & exec sleep 86392"
grace = "1 s"
"""


def test_the_installed_service_is_active_enabled_and_says_what_it_does(record_property):
    assert all(is_active(unit) for unit in ("rotad.service", "rotad.socket", "rotad-control.socket"))
    assert succeed("systemctl", "is-enabled", "rotad.service").strip() == "enabled"
    assert show("StatusText").startswith("0 running")
    size = succeed("dpkg-query", "-W", "-f", "${Installed-Size}", "rota")
    with open(f"/proc/{main_pid()}/status", encoding="ascii") as status:
        memory = next(line.split()[1] for line in status if line.startswith("VmRSS"))
    record_property("detail", f"installed size {size} KiB, resident memory {memory} KiB")


def test_systemd_finds_nothing_wrong_with_the_units(record_property):
    assert succeed("systemd-analyze", "verify", "--man=no", "rotad.service", "rotad.socket") == ""
    record_property("detail", run("systemd-analyze", "security", "rotad.service").stdout.splitlines()[-1].strip())


def test_no_unit_has_failed_and_the_machine_is_running():
    assert succeed("systemctl", "--failed", "--no-legend") == ""
    assert run("systemctl", "is-system-running", "--wait").stdout.strip() == "running"


def test_a_wrong_configuration_fails_the_reload_and_changes_nothing():
    pid = main_pid()
    (JOBS / "wrong.toml").write_text("[jobs.wrong]\nshedule = 1\n")
    assert run("systemctl", "reload", "rotad.service").returncode != 0
    assert "shedule" in succeed("journalctl", "-u", "rotad.service", "-n", "50", "--no-pager")
    (JOBS / "wrong.toml").write_text('[jobs.right]\ncommand = ["true"]\n')
    succeed("systemctl", "reload", "rotad.service")
    wait_until(lambda: [job["name"] for job in ask("jobs")["jobs"]] == ["right"], "the job of the new configuration")
    assert main_pid() == pid


def test_a_secret_comes_as_a_credential_of_systemd():
    secret = pathlib.Path("/root/another-secret")
    secret.write_text("an example secret of more than 32 bytes\n")
    secret.chmod(0o600)
    drop_in(f"[Service]\nLoadCredential=secret:{secret}\n")
    add_jobs('[jobs.asked]\ncommand = ["true"]\n')
    token = succeed("rota", "token", "--sub", "check", "--scope", "run", "--secret-file", secret).strip()
    assert http_status("/scheduler/run/asked", token=token) == "202"
    assert http_status("/scheduler/run/asked", token=a_token()) == "401"


def recovered(before):
    wait_until(lambda: main_pid() not in (0, before) and is_active(), "systemd to start the service again")


def test_a_killed_daemon_is_started_again_with_its_run_lost_and_nothing_left_of_it():
    add_jobs(SLEEPER)
    run_id, pid = started(trigger("sleeper")), main_pid()
    os.kill(pid, signal.SIGKILL)
    recovered(pid)
    assert run_row(run_id)["state"] == "lost"
    assert processes_with("8639") == []


def test_a_daemon_that_hangs_is_ended_by_the_watchdog_and_started_again():
    drop_in("[Service]\nWatchdogSec=10\nTimeoutAbortSec=5\nRestartSec=100ms\n")
    add_jobs(SLEEPER)
    run_id, pid = started(trigger("sleeper")), main_pid()
    os.kill(pid, signal.SIGSTOP)
    recovered(pid)
    assert "Watchdog timeout" in succeed("journalctl", "-u", "rotad.service", "--no-pager")
    assert run_row(run_id)["state"] == "lost"
    assert processes_with("8639") == []


def test_stopping_the_service_cancels_what_runs_and_records_it():
    add_jobs(SLEEPER)
    started(trigger("sleeper"))
    stop_all()
    assert processes_with("8639") == []
    (row,) = rows("sleeper")
    assert row["state"] == "cancelled"
    assert row["finished_at"] is not None
    assert show("Result") == "success"


def test_a_restart_loses_no_occurrence():
    add_jobs('[jobs.tick]\ncommand = ["true"]\nschedule = "every 2 seconds"\ncatch_up = { rule = "all", limit = 100 }\n')
    for more in (3, 3, 3):
        before = len(rows("tick"))
        wait_until(lambda: len(rows("tick")) >= before + more, "occurrences")  # noqa: B023
        succeed("systemctl", "restart", "rotad.service")
    wait_until(lambda: len(rows("tick")) >= 12, "occurrences after the last restart")
    times = [row["scheduled_for"] for row in rows("tick")]
    steps = {later - earlier for earlier, later in itertools.pairwise(sorted(times))}
    assert len(steps) == 1, f"occurrences are not all two seconds apart: {sorted(times)}"


def test_a_restart_refuses_no_request():
    add_jobs('[jobs.quick]\ncommand = ["true"]\noverlap = { rule = "parallel", limit = 1000 }\n')
    ask_often = (
        f"for i in $(seq 100); do curl -sS -m 60 -o /dev/null -w '%{{http_code}}\\n' -X POST"
        f" -H 'Authorization: Bearer {a_token()}' {URL}/scheduler/run/quick; done"
    )
    with subprocess.Popen(["sh", "-c", ask_often], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as asking:
        while asking.poll() is None:
            succeed("systemctl", "restart", "rotad.service")
            run("systemctl", "reset-failed", "rotad.service")  # more restarts than anybody is granted
        answers = asking.stdout.read().split("\n")
    assert answers == ["202"] * 100 + [""]
