"""Runs with a cgroup of their own: nothing leaves it, and it holds the limits whose controllers are there."""

import pytest

from cgroup_under_test import controllers_of, fresh_cgroup, runs_in
from daemon_under_test import Daemon, alive, job_table, wait_until, workers_of


@pytest.fixture(name="cgroup")
def a_cgroup():
    with fresh_cgroup() as directory:
        yield directory


def supervisor(directory, cgroup, jobs):
    return Daemon(directory, jobs=jobs, environment={"ROTA_CGROUP": str(cgroup)})


def escape(file):
    """A line for the shell that starts what nothing but its cgroup can find, and writes its process id."""
    return f"(env -i setsid /bin/sh -c 'echo $$ > {file}.new; mv {file}.new {file}; exec sleep 1000' &)"


def pid_in(file):
    wait_until(file.exists, f"{file}")
    return int(file.read_text())


def test_what_leaves_session_parents_and_environment_is_gone_at_the_timeout(tmp_path, cgroup):
    jobs = job_table("escapes", shell=escape(tmp_path / "pid") + "; sleep 1000", timeout="1 s", grace="0 s")
    # While another run goes on, whatever bears no mark could be of that one.
    jobs += job_table("bystander", command=["sleep", "1000"])
    with supervisor(tmp_path, cgroup, jobs) as daemon:
        other = daemon.trigger("bystander")
        daemon.started(other)
        run = daemon.trigger("escapes")
        escaped = pid_in(tmp_path / "pid")
        assert (cgroup / f"run-{run}").is_dir()
        assert daemon.finished(run)["state"] == "timed_out"
        assert not alive(escaped)
        assert daemon.run(other)["state"] == "running"
        assert runs_in(cgroup) == [f"run-{other}"]
        daemon.cancel(other)
        daemon.finished(other)
        assert runs_in(cgroup) == []


def test_what_a_run_leaves_behind_is_gone_when_it_ends_well(tmp_path, cgroup):
    file = tmp_path / "pid"
    jobs = job_table("leaves", shell=escape(file) + f"; until test -e {file}; do sleep 0.01; done")
    with supervisor(tmp_path, cgroup, jobs + job_table("bystander", command=["sleep", "1000"])) as daemon:
        daemon.started(daemon.trigger("bystander"))
        assert daemon.trigger_and_finish("leaves")["state"] == "succeeded"
        escaped = int(file.read_text())
        assert not alive(escaped)
        assert escaped not in workers_of(daemon.process.pid)


def test_a_supervisor_kills_what_one_that_was_killed_has_left(tmp_path, cgroup):
    jobs = job_table("escapes", shell=escape(tmp_path / "pid") + "; sleep 1000")
    daemon = supervisor(tmp_path, cgroup, jobs).start()
    run = daemon.trigger("escapes")
    escaped = pid_in(tmp_path / "pid")
    daemon.kill()
    assert alive(escaped)
    with daemon.start():
        assert not alive(escaped)
        assert runs_in(cgroup) == []
        assert daemon.finished(run)["state"] == "lost"


def test_the_supervisor_itself_is_in_a_leaf(tmp_path, cgroup):
    with supervisor(tmp_path, cgroup, "") as daemon:
        assert str(daemon.process.pid) in (cgroup / "supervisor" / "cgroup.procs").read_text().split()
        assert (cgroup / "cgroup.procs").read_text() == ""


def test_each_missing_controller_is_said_once_with_what_follows(tmp_path, cgroup):
    with supervisor(tmp_path, cgroup, "") as daemon:
        log = daemon.output.read_text()
    assert log.count(f"each run in a process has a cgroup in {cgroup}") == 1
    present = controllers_of(cgroup)
    for controller, key in {"memory": "memory", "pids": "processes", "cpu": "cpu_share"}.items():
        said = [line for line in log.splitlines() if f"the controller {controller} of the cgroup" in line]
        assert len(said) == (0 if controller in present else 1)
        assert all(f"limits.{key} is" in line for line in said)


def test_two_supervisors_do_not_share_a_cgroup(tmp_path, cgroup):
    jobs = job_table("sleeps", command=["sleep", "1000"])
    (tmp_path / "two").mkdir()
    with supervisor(tmp_path, cgroup, jobs) as first:
        run = first.trigger("sleeps")
        first.started(run)
        with supervisor(tmp_path / "two", cgroup, jobs) as second:
            assert f"another supervisor uses {cgroup}" in second.output.read_text()
        assert first.run(run)["state"] == "running"


def test_without_a_cgroup_the_reason_is_said_and_a_cpu_share_is_refused_in_the_log_of_the_run(tmp_path):
    jobs = job_table("ok", command=["true"], limits={"cpu_share": 50})
    with supervisor(tmp_path, tmp_path, jobs) as daemon:
        assert f"runs have no cgroup of their own: ROTA_CGROUP names {tmp_path}" in daemon.output.read_text()
        run = daemon.trigger("ok")
        assert daemon.finished(run)["state"] == "succeeded"
        assert "error limits.cpu_share is not enforced" in daemon.log(run)


def needs(cgroup, controller):
    if controller not in controllers_of(cgroup):
        pytest.skip(f"the controller {controller} is not in the cgroups of version 2 here")


def test_a_run_that_needs_more_than_its_memory_is_killed_as_a_whole(tmp_path, cgroup):
    needs(cgroup, "memory")
    eats = "exec 3>&-; env -i sh -c 'x=x; while :; do x=$x$x; done'; true"
    jobs = job_table("eats", shell=eats, limits={"memory": "32 MiB"})
    with supervisor(tmp_path, cgroup, jobs) as daemon:
        row = daemon.trigger_and_finish("eats")
        assert (row["state"], row["error_type"]) == ("crashed", "memory")
        assert "limits.memory of 32 MiB" in row["error_message"]


def test_processes_are_counted_by_run_and_not_by_user(tmp_path, cgroup):
    needs(cgroup, "pids")
    many = "for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1000 & done; echo all"
    jobs = job_table("many", shell=many, limits={"processes": 20}) + job_table("few", shell=many, limits={"processes": 5})
    with supervisor(tmp_path, cgroup, jobs) as daemon:
        assert daemon.trigger_and_finish("many")["state"] == "succeeded"
        assert daemon.trigger_and_finish("few")["state"] == "failed"


def test_a_share_of_the_cpu_is_that_of_the_cgroup(tmp_path, cgroup):
    needs(cgroup, "cpu")
    with supervisor(tmp_path, cgroup, job_table("slow", command=["sleep", "1000"], limits={"cpu_share": 50})) as daemon:
        run = daemon.trigger("slow")
        daemon.started(run)
        assert wait_until(lambda: (cgroup / f"run-{run}" / "cpu.max").read_text(), "cpu.max") == "50000 100000\n"
