"""Workers and commands that do what none should (tests/zoo): each has the right end in the record, leaves nothing
behind, and disturbs neither the others nor the supervisor.

ROTA_FLOOD_BYTES=10000000000 floods as much as the programs can; less by default.
"""

import contextlib
import os
import pathlib
import shutil
import signal

import pytest

from cgroup_under_test import controllers_of, fresh_cgroup, runs_in
from system.daemon_under_test import BIN, LIB, Daemon, alive, job_table, processes_with, wait_until, workers_of
from system.memory import Heap, rss_kib

ZOO = BIN / "zoo"
FLOOD_BYTES = os.environ.get("ROTA_FLOOD_BYTES", "200000000")
MODULES = f'module_directories = ["{LIB}/test-modules", "{LIB}/zoo"]'
STAYS = {"timeout": "2 s", "grace": "1 s"}
TIMED_OUT = "ran longer than its timeout of 2 s; ended by SIGTERM"
TIMED_OUT_KILLED = "ran longer than its timeout of 2 s; ended by SIGKILL"
PROTOCOL = ("failed", "protocol")
SUCCEEDED = ("succeeded", None, None)

# What the row says of it as a worker: state, error_type, what its message holds.
WORKERS = {
    "exits_without_result": ("crashed", "exit", "left without a result; ended by itself with exit status 0"),
    "half_a_line": ("crashed", "exit", "left without a result"),
    "garbage": (*PROTOCOL, "protocol error: "),
    "endless_line": (*PROTOCOL, "a line is longer than 64 KiB"),
    "nul_bytes": (*PROTOCOL, "protocol error: "),
    "invalid_utf8": (*PROTOCOL, "protocol error: "),
    "odd_text": ("failed", "o\0d", "x\0y\nforged \x1b[2J <b>\U0001f600"),
    "poisons_the_next_run": (*PROTOCOL, 'member "last_entry" holds a zero byte'),
    "result_twice": (*PROTOCOL, "a message after the result"),
    "result_and_runs_on": (*PROTOCOL, "sent its result but did not exit within 1 s"),
    "closes_its_pipes": ("timed_out", "timeout", TIMED_OUT),
    "ignores_sigterm": ("timed_out", "timeout", TIMED_OUT_KILLED),
    "stops_itself": ("timed_out", "timeout", TIMED_OUT_KILLED),
    "never_reads": ("timed_out", "timeout", TIMED_OUT_KILLED),
    "segfaults": ("crashed", "signal", "the worker was ended by SIGSEGV"),
    "aborts": ("crashed", "signal", "the worker was ended by SIGABRT"),
    "dies_before_hello": ("crashed", "signal", "the worker was ended by SIGKILL"),
    "leaves_before_hello": ("crashed", "exit", "left without a result; ended by itself with exit status 127"),
    "speaks_another_version": (*PROTOCOL, "the worker speaks version 99, expected 1"),
    "speaks_for_the_supervisor": (*PROTOCOL, "a message that only a supervisor sends"),
    "floods_messages": ("timed_out", "timeout", TIMED_OUT),
    "floods_output": SUCCEEDED,
    "leaves_children": SUCCEEDED,
    "holds_descriptors": SUCCEEDED,
    "shows_descriptors": SUCCEEDED,
    "forks_without_end": ("timed_out", "timeout", "ran longer than its timeout of 2 s"),
    "eats_memory": ("crashed", "signal|memory", "SIGKILL|limits.memory"),
}
# Where it is another as a command: of a command the last result counts, and it may go on.
COMMANDS = {
    **WORKERS,
    "exits_without_result": SUCCEEDED,
    "half_a_line": (*PROTOCOL, "protocol error: "),
    "result_twice": SUCCEEDED,
    "result_and_runs_on": ("timed_out", "timeout", TIMED_OUT),
    "segfaults": ("crashed", "signal", "the command was ended by SIGSEGV"),
    "aborts": ("crashed", "signal", "the command was ended by SIGABRT"),
    "dies_before_hello": ("failed", "exit", "exit status 127"),
    "leaves_before_hello": ("failed", "exit", "exit status 127"),
    "speaks_another_version": (*PROTOCOL, "protocol error: "),
}


def settings_of(wanted):
    """A short timeout for those who are to reach it; no other may do so on a busy machine."""
    return dict(STAYS) if wanted[0] == "timed_out" else {"timeout": "10 minutes", "grace": "1 s"}


def job_tables(memory_limit):
    each_second = {"schedule": "every 1 second", "overlap": {"rule": "queue", "limit": 1000}}
    tables = job_table("p_ok", **each_second) + job_table("t_ok", **each_second)
    for animal in WORKERS:
        limits = {"limits": {"memory": "64 MiB"}} if animal == "eats_memory" and memory_limit else {}
        tables += job_table(animal, **settings_of(WORKERS[animal]), **limits)
        tables += job_table("command_" + animal, command=[str(ZOO / animal)], pass_environment=["HOME"],
                            **settings_of(COMMANDS[animal]), **limits)
    return tables


@contextlib.contextmanager
def small_memory(home, cgroup):
    """Room for eats_memory to be killed by the kernel: yields whether limits.memory does it."""
    if cgroup and "memory" in controllers_of(cgroup):
        yield True
        return
    # Version 1, in which a process may enter by itself.
    directory = pathlib.Path(f"/sys/fs/cgroup/memory/rota-zoo-{os.getpid()}")
    try:
        directory.mkdir()
    except OSError:
        yield None
        return
    try:
        (directory / "memory.limit_in_bytes").write_text("67108864")
        (home / "memory_cgroup").write_text(str(directory))
        yield False
    finally:
        wait_until(lambda: not (directory / "cgroup.procs").read_text(), "an empty cgroup")
        directory.rmdir()


class Visit:
    """What two rounds through the zoo have left, after which the supervisor has no more memory than after the first."""

    def __init__(self, home, cgroup):
        self.cgroup = cgroup
        (home / "flood_bytes").write_text(FLOOD_BYTES)
        self.heap, self.resident = Heap(home), []
        environment = {"HOME": str(home), "ROTA_CGROUP": str(cgroup or home), **self.heap.environment}
        supervisor = 'processes = 100\nrun_log_limit = "64 KiB"'
        with small_memory(home, cgroup) as memory_limit:
            self.without = {"eats_memory"} if memory_limit is None else set()
            self.daemon = Daemon(home, job_tables(memory_limit), supervisor=supervisor, environment=environment,
                                 modules=MODULES, worker=ZOO / "keeper")
            with self.daemon.start() as daemon:
                wait_until(lambda: len(daemon.rows("state = 'succeeded'")) > 1, "the jobs of each second")
                self.first, self.second = self.round(), self.round()
                daemon.pause(all=True)
                wait_until(lambda: not daemon.rows("state IN ('queued', 'running')"), "the last runs")
                # Occurrences go on while all is paused, as rows that say so.
                self.bystanders = daemon.rows("job_name IN ('p_ok', 't_ok') AND error_type IS NOT 'paused'")
                print(f"{self.heap.kib} KiB in use, {self.resident} KiB resident after each round")
                self.left = [pid for pid in processes_with(str(home)) if pid != daemon.process.pid]
                self.noted = [int(pid) for file in home.glob("pids-*") for pid in file.read_text().split()]
                self.left += [pid for pid in self.noted if alive(pid)]
                self.cgroups_left = runs_in(cgroup) if cgroup else []
                self.children_left = workers_of(daemon.process.pid)
                self.logs = {name: daemon.log(row["id"]) for name, row in self.second.items()}
                self.health = daemon.request("GET", "/healthz").status_code

    def round(self):
        names = [name for animal in WORKERS if animal not in self.without for name in (animal, "command_" + animal)]
        runs = {name: self.daemon.trigger(name) for name in names}
        ended = {name: self.daemon.finished(run, seconds=300) for name, run in runs.items()}
        self.heap.round_is_over(self.daemon)
        self.resident.append(rss_kib(self.daemon.process.pid))
        return ended


@pytest.fixture(name="visit", scope="module", params=["with cgroups", "without cgroups"])
def one_visit(request, tmp_path_factory):
    home = tmp_path_factory.mktemp("zoo")
    home.chmod(0o755)
    with fresh_cgroup() if request.param == "with cgroups" else contextlib.nullcontext() as cgroup:
        yield Visit(home, cgroup)


def assert_ended(row, wanted):
    state, error_type, message = wanted
    assert row["state"] == state
    assert row["success"] is (state == "succeeded")
    if error_type is None:
        assert not row["error_type"]
        return
    assert row["error_type"] in error_type.split("|")
    assert any(part in row["error_message"] for part in message.split("|"))
    if "SIGKILL" in row["error_message"]:
        assert row["signal"] == signal.SIGKILL


@pytest.mark.parametrize("animal", WORKERS)
def test_each_worker_has_its_right_end(visit, animal):
    if animal in visit.without:
        pytest.skip("no cgroup with a limit of memory can be made here")
    for rows in (visit.first, visit.second):
        assert_ended(rows[animal], WORKERS[animal])
        assert_ended(rows["command_" + animal], COMMANDS[animal])


def test_nothing_is_left_behind(visit):
    assert len(visit.noted) >= 2 * 2 * (3 + 1 + 1)
    assert visit.left == [] and visit.cgroups_left == [] and visit.children_left == []


def test_the_others_are_undisturbed(visit):
    for job in ("p_ok", "t_ok"):
        rows = [row for row in visit.bystanders if row["job_name"] == job]
        occurrences = [row["scheduled_for"] for row in rows]
        assert occurrences == list(range(occurrences[0], occurrences[-1] + 1, 1000))
        assert [(row["id"], row["state"], row["error_message"]) for row in rows if row["state"] != "succeeded"] == []
        late = [row["started_at"] - row["scheduled_for"] for row in rows]
        print(f"{job}: {len(rows)} runs, started at most {max(late)} ms late")
    assert visit.health == 200


def test_a_flood_is_cut_and_odd_output_is_kept_as_it_is(visit):
    assert "bytes are cut here" in visit.logs["floods_output"] and len(visit.logs["floods_output"]) < 70_000
    assert "a\0b " in visit.logs["odd_text"]
    lines = visit.daemon.output.read_bytes().splitlines()
    assert not [line for line in lines if line.startswith(b"forged") or b"\x1b" in line]
    assert visit.logs["shows_descriptors"].split() == ["0", "1", "2", "3", "4"]


def test_a_stranger_who_holds_a_worker_s_pipes_does_not_hold_its_run(tmp_path):
    jobs = job_table("p_sleeps", parameters={"release": str(tmp_path / "release"), "ignore_stop": "true"})
    with Daemon(tmp_path, jobs) as daemon:
        run = daemon.trigger("p_sleeps")
        daemon.started(run)
        [worker] = workers_of(daemon.process.pid)
        held = [os.open(f"/proc/{worker}/fd/{number}", os.O_WRONLY) for number in (1, 4)]
        (tmp_path / "release").touch()
        assert daemon.finished(run)["state"] == "succeeded"
        assert daemon.trigger_and_finish("p_ok")["state"] == "succeeded"
        for descriptor in held:
            os.close(descriptor)


@pytest.mark.parametrize("spoil, wanted", [
    (lambda worker: worker.unlink(), "No such file or directory"),
    (lambda worker: worker.write_text("no program\n"), "Exec format error"),
    (lambda worker: worker.chmod(0o600), "Permission denied"),
])
def test_a_worker_that_cannot_be_started_any_more_is_the_failure_of_its_run(tmp_path, spoil, wanted):
    worker = tmp_path / "worker"
    shutil.copy(BIN / "rota-worker", worker)
    with Daemon(tmp_path, worker=worker) as daemon:
        spoil(worker)
        row = daemon.trigger_and_finish("p_ok")
        assert (row["state"], row["error_type"]) == ("failed", "start")
        assert wanted in row["error_message"] and str(worker) in row["error_message"]
        assert daemon.trigger_and_finish("t_ok")["state"] == "succeeded"
