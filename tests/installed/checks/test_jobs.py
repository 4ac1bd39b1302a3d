"""Jobs on the installed daemon: fired, triggered, limited, logged."""

import json
import pathlib

import pytest

from installed import (
    a_token,
    add_jobs,
    controllers,
    finished,
    http_status,
    main_pid,
    processes_with,
    rows,
    run,
    run_row,
    started,
    succeed,
    trigger,
    wait_until,
)


def test_a_job_in_jobs_d_fires_by_its_schedule():
    add_jobs('[jobs.demo]\nshell = "id -un >> /run/rota-check-demo"\nschedule = "every 2 seconds"\nuser = "nobody"\n')
    pathlib.Path("/run/rota-check-demo").touch()
    pathlib.Path("/run/rota-check-demo").chmod(0o666)

    def fired():
        return [row for row in rows("demo") if row["state"] == "succeeded" and row["trigger"] == "schedule"]

    wait_until(lambda: len(fired()) >= 2, "two runs by schedule")
    assert set(pathlib.Path("/run/rota-check-demo").read_text().split()) == {"nobody"}


def test_a_trigger_needs_a_token_with_the_right_to_run():
    add_jobs('[jobs.asked]\ncommand = ["true"]\n')
    assert http_status("/scheduler/run/asked") == "401"
    assert http_status("/scheduler/run/asked", token="abc") == "401"
    assert http_status("/scheduler/run/asked", token=a_token("read")) == "403"
    assert rows("asked") == []
    assert http_status("/scheduler/run/asked", token=a_token("run")) == "202"
    (row,) = wait_until(lambda: rows("asked"), "the run that was asked for")
    assert finished(row["id"])["state"] == "succeeded"


def eats_memory(mebibytes):
    return f"""
[jobs.eats]
command = ["/usr/bin/python3", "-c", "x = b'x' * ({mebibytes} << 20); print(len(x))"]
limits = {{ memory = "64 MiB" }}
"""


def test_a_job_is_killed_at_its_memory_limit_and_nothing_else():
    if "memory" not in controllers():
        pytest.skip("the memory controller of cgroup version 2 is not on this machine")
    pid = main_pid()
    add_jobs(eats_memory(200))
    row = finished(trigger("eats"))
    assert (row["state"], row["error_type"]) == ("crashed", "memory")
    add_jobs(eats_memory(10))
    assert finished(trigger("eats"))["state"] == "succeeded"
    assert main_pid() == pid


def test_without_the_memory_controller_the_daemon_says_so_and_limits_each_process():
    if "memory" in controllers():
        pytest.skip("the memory controller of cgroup version 2 is on this machine")
    assert "the controller memory of the cgroup" in succeed("journalctl", "-u", "rotad.service", "--no-pager")
    pid = main_pid()
    add_jobs(eats_memory(200))
    assert finished(trigger("eats"))["state"] == "failed"
    add_jobs(eats_memory(10))
    assert finished(trigger("eats"))["state"] == "succeeded"
    assert main_pid() == pid


def test_a_run_has_a_cgroup_of_its_own_and_ends_as_one():
    escape = "env -i setsid sleep 86393 & exec sleep 86394"
    add_jobs(f'[jobs.escapes]\nshell = "{escape}"\ntimeout = "5 s"\ngrace = "0 s"\n')
    run_id = started(trigger("escapes"))
    (escaped,) = wait_until(lambda: processes_with("86393"), "the process that escapes")
    assert pathlib.Path(f"/proc/{escaped}/cgroup").read_text().strip().endswith(f"/rotad.service/run-{run_id}")
    assert finished(run_id)["state"] == "timed_out"
    assert processes_with("8639") == []


def test_a_job_is_confined_to_its_own_network_and_cannot_write_what_is_read_only():
    pathlib.Path("/srv/kept").mkdir(exist_ok=True)
    add_jobs("""
[jobs.open]
shell = "touch /srv/kept/open; readlink /proc/self/ns/net"
[jobs.confined]
shell = "readlink /proc/self/ns/net; ! touch /srv/kept/confined"
user = "nobody"
private_network = true
read_only_paths = ["/srv/kept"]
no_new_privileges = true
""")
    pathlib.Path("/srv/kept").chmod(0o777)
    open_run, confined = (finished(trigger(name))["id"] for name in ("open", "confined"))
    assert run_row(confined)["state"] == "succeeded", succeed("rota", "logs", str(confined))
    namespaces = [succeed("rota", "logs", str(run_id)).split("net:")[1].split()[0] for run_id in (open_run, confined)]
    assert namespaces[0] != namespaces[1]
    assert [path.name for path in pathlib.Path("/srv/kept").iterdir()] == ["open"]


def test_the_journal_knows_the_lines_of_a_job():
    add_jobs('[jobs.told]\ncommand = ["true"]\n[jobs.other]\ncommand = ["true"]\n')
    run_id = trigger("told")
    finished(run_id)
    finished(trigger("other"))
    lines = [json.loads(line) for line in succeed("journalctl", "ROTA_JOB=told", "-o", "json").splitlines()]
    assert lines
    assert {line["ROTA_RUN_ID"] for line in lines} == {str(run_id)}
    assert all("other" not in line["MESSAGE"] for line in lines)


def test_members_of_the_group_may_ask_and_strangers_may_not():
    for name, groups in (("member", ["--groups", "rota"]), ("stranger", [])):
        run("userdel", name)
        succeed("useradd", "--no-create-home", *groups, name)
    add_jobs('[jobs.asked]\ncommand = ["true"]\n')
    assert run("rota", "run", "asked", "--wait", user="member").returncode == 0
    assert rows("asked")[0]["requested_by"] == "local:member"
    refused = run("rota", "run", "asked", user="stranger")
    assert refused.returncode != 0
    assert "rota" in refused.stderr
    assert run("cat", "/etc/rota/secret", user="stranger").returncode != 0
    assert run("ls", "/var/lib/rota", user="stranger").returncode != 0
    assert len(rows("asked")) == 1
