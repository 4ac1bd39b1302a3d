"""The supervisor is killed by SIGKILL under load, at random moments and at named points, and started again: no
occurrence is lost or doubled, no process left, the database sound, the outbox complete, and no row goes back.

ROTA_KILLS=300 kills that often; ROTA_SEED=NUMBER repeats the moments of a run that printed it.
"""

import collections
import contextlib
import http.client
import os
import random
import re
import shlex
import signal
import sqlite3
import threading
import time

import pytest

from cgroup_under_test import fresh_cgroup
from smtp_sink import SmtpSink
from system.daemon_under_test import Daemon, job_table, processes_with, token, wait_until
from system.dying_daemon import born, dies_at, lines, mail_table, message_id, outbox
from system.record_checks import (assert_each_failure_is_tried_again, assert_each_occurrence_has_one_row,
                                  assert_only_forward, integrity, mails_due)

KILLS = int(os.environ.get("ROTA_KILLS", "20"))
SEED = int(os.environ.get("ROTA_SEED", random.SystemRandom().randrange(10**6)))
EACH_SECOND = {"schedule": "every 1 second", "overlap": {"rule": "queue", "limit": 1000}}
SCHEDULED = ("t_touch", "p_touch", "t_counts", "t_no_op", "t_ok", "p_fails", "leaves_children", "alternates")
RETRIES = 1

# Where rotad is ended in the middle of what it does (tests/faults/dies_at.cc): call, when, file, and up to the
# how-many-eth of these calls.
POINTS = {
    "row committed and process not started": ("fork", "before", "", 8),
    "process started and not recorded": ("fork", "after", "", 8),
    "remains of a run not killed": ("kill", "before", "", 8),
    "remains of a run killed in part": ("kill", "after", "", 8),
    "outcome or another write not begun": ("pwrite64", "before", "-wal", 100),
    "write torn": ("pwrite64", "half", "-wal", 100),
    "written and not synchronised": ("fdatasync", "before", "-wal", 20),
    "committed and nobody told": ("fdatasync", "after", "-wal", 20),
    "checkpoint torn": ("pwrite64", "half", ".db", 5),
    "committed and mail not sent": ("connect", "before", "", 2),
    "mail under way": ("connect", "after", "", 2),
}


def job_tables(home, with_cgroup):
    place = shlex.quote(str(home))
    # Nothing but a cgroup finds what has neither the session nor the environment.
    escape = f"env -i setsid tail -f {place}/anchor >/dev/null & " if with_cgroup else ""
    leaves = (f"echo $ROTA_RUN_ID >> {place}/began; {escape} sleep 1000 & (setsid sleep 1000 &); sleep 0.1; "
              f"echo $ROTA_RUN_ID >> {place}/ended")
    command = {"pass_environment": ["HOME"], **EACH_SECOND}
    return (job_table("t_touch", parameters={"path": home / "t_touch"}, catch_up={"rule": "all", "limit": 1000},
                      misfire_grace="1 s", **EACH_SECOND)
            + job_table("p_touch", parameters={"path": home / "p_touch"}, **EACH_SECOND)
            + job_table("t_counts", misfire_grace="1 s", **EACH_SECOND)
            + job_table("t_no_op", catch_up="skip", misfire_grace="1 s", **EACH_SECOND)
            + job_table("t_ok", schedule="every 1 second", overlap={"rule": "parallel", "limit": 1000})
            + job_table("p_fails", retry={"limit": RETRIES, "delay": "100 ms", "jitter": 0}, **EACH_SECOND)
            + job_table("leaves_children", shell=leaves, **command)
            + job_table("alternates", shell='case "$ROTA_SCHEDULED_FOR" in *[13579].*) exit 1; esac', **command))


class Clients:
    """Threads that trigger t_ok as long as they may, and keep the ids that they were promised."""

    def __init__(self, daemon, count=2):
        self.daemon, self.promised, self._enough = daemon, [], threading.Event()
        self._threads = [threading.Thread(target=self._trigger) for _ in range(count)]

    def _trigger(self):
        headers = {"Authorization": "Bearer " + token()}
        while not self._enough.wait(0.02):
            with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
                port = int(self.daemon.port_file.read_text())
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                with contextlib.closing(connection):
                    connection.request("POST", "/scheduler/run/t_ok", headers=headers)
                    answer = connection.getresponse()
                    text = answer.read()
                    if answer.status == 202:
                        self.promised.append(int(re.search(rb'"run_id":\s*(\d+)', text)[1]))

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._enough.set()
        for thread in self._threads:
            thread.join(timeout=60)


class World:
    """A daemon under load that is killed again and again, and what has been seen of it so far."""

    def __init__(self, home, cgroup, sink):
        (home / "anchor").touch()
        self.home, self.cgroup, self.sink = home, cgroup, sink
        self.own = {"HOME": str(home), "ROTA_CGROUP": str(cgroup or home)}
        self.daemon = Daemon(home, job_tables(home, bool(cgroup)), mail_table(sink.port))
        self.rows, self.kills, self.left = [], 0, set()
        # How often a mail stood in the outbox when the supervisor was killed: so often it may come twice.
        self.in_outbox = collections.Counter()

    def launch(self, **environment):
        self.daemon.environment = {**self.own, **environment}
        self.daemon.launch()

    def look(self):
        """Reads all rows and compares them with those that were read before."""
        rows = self.daemon.rows()
        assert_only_forward(self.rows, rows)
        self.rows = rows

    def killed(self, clients):
        """What can be said while no supervisor runs."""
        self.daemon.port_file.unlink(missing_ok=True)
        assert self.daemon.process.returncode == -signal.SIGKILL, self.daemon.output.read_text()[-2000:]
        self.kills += 1
        if not self.daemon.database.exists():
            return
        assert integrity(self.daemon.database) == "ok"
        with contextlib.suppress(sqlite3.OperationalError):  # killed before it had made its tables
            self.look()
            self.in_outbox.update(outbox(self.daemon))
        missing = set(clients.promised) - {row["id"] for row in self.rows}
        assert not missing, f"answered 202, and not in the record: {missing}"
        self.left |= {born(pid) for pid in processes_with(str(self.home))}

    def settle(self):
        """Starts it once more, lets all that is under way come to its end, and stops it."""
        self.daemon.environment = self.own
        with self.daemon.start() as daemon:
            assert not self.left & {born(pid) for pid in processes_with(str(self.home))} - {None}
            started = daemon.rows()[-1]["id"]
            wait_until(lambda: daemon.rows("id > ? AND job_name = 'alternates' AND state = 'succeeded'", [started]),
                       "a run after the last start")
            daemon.pause(all=True)
            # What waits for its place stays queued while all is paused.
            wait_until(lambda: not [row for row in daemon.rows("state = 'running'")], "the end of all runs")
            wait_until(lambda: not outbox(self.daemon), "an empty outbox")
            self.look()
        self.look()
        assert self.daemon.stop() == 0
        assert not processes_with(str(self.home))


@contextlib.contextmanager
def world(home, with_cgroup):
    with fresh_cgroup() if with_cgroup else contextlib.nullcontext() as cgroup, SmtpSink(home / "inbox") as sink:
        made = World(home, cgroup, sink)
        try:
            yield made
        finally:
            if made.daemon.process and made.daemon.process.poll() is None:
                made.daemon.kill()


def assert_nothing_lost_or_doubled(world):
    rows = world.rows
    for job in SCHEDULED:
        assert_each_occurrence_has_one_row(rows, job)
    of = {job: [row for row in rows if row["job_name"] == job] for job in SCHEDULED}
    states = {job: collections.Counter(row["state"] for row in of[job]) for job in SCHEDULED}
    # The pause is this test's own.
    assert not [row for row in rows if row["state"] == "skipped" and row["error_type"] != "paused"]
    assert_each_failure_is_tried_again(rows, "p_fails", RETRIES)
    # What it has done, against what the record says of it.
    for job in ("t_touch", "p_touch"):
        done = len(lines(world.home / job))
        assert states[job]["succeeded"] <= done <= states[job]["succeeded"] + states[job]["lost"]
        assert not states[job]["missed"]
    began, ended = lines(world.home / "began"), lines(world.home / "ended")
    assert len(set(began)) == len(began) and len(set(ended)) == len(ended)
    ran = {row["id"]: row["state"] for row in of["leaves_children"] if row["state"] in ("succeeded", "lost")}
    assert {id for id, state in ran.items() if state == "succeeded"} <= set(map(int, ended))
    assert set(map(int, began)) <= set(ran)
    counted = [int(row["last_entry"]) for row in of["t_counts"] if row["state"] == "succeeded"]
    assert counted == list(range(1, len(counted) + 1))
    return states


def assert_each_failure_was_mailed(world):
    """Exactly, for jobs whose runs neither overlap nor are tried again: of the others the order is not to be seen."""
    exact = [job for job in SCHEDULED if job not in ("p_fails", "t_ok")]
    due = {id for job in exact for id in mails_due(world.rows, job)}
    came = collections.Counter(message_id(str(mail)) for mail in world.sink.mails())
    of_run = {id: int(id.split("-")[1]) for id in came}
    job_of = {row["id"]: row["job_name"] for row in world.rows}
    assert {id for id in came if job_of[of_run[id]] in exact} == due
    assert all(times <= 1 + world.in_outbox[id] for id, times in came.items()), (came, world.in_outbox)
    return sum(came.values()), len(came)


def assert_all_is_well(world, clients, what):
    states = assert_nothing_lost_or_doubled(world)
    sent, mails = assert_each_failure_was_mailed(world)
    assert integrity(world.daemon.database) == "ok"
    total = sum(states.values(), collections.Counter())
    print(f"{what}: {world.kills} kills; {len(world.rows)} rows, {dict(total)}; {len(clients.promised)} triggers promised; "
          f"{mails} mails, {sent - mails} sent twice")


@pytest.mark.parametrize("with_cgroup", [True, False], ids=["with cgroups", "without cgroups"])
def test_a_kill_at_any_moment_loses_nothing(tmp_path, with_cgroup):
    chance = random.Random(f"{SEED}/{with_cgroup}")
    print(f"ROTA_SEED={SEED}")
    with world(tmp_path, with_cgroup) as it, Clients(it.daemon) as clients:
        for _ in range(KILLS // 2):
            # Every fourth kill falls into a start or its catching up.
            moment = chance.uniform(0, 0.3) if chance.random() < 0.25 else chance.uniform(0.3, 2)
            it.launch()
            with contextlib.suppress(FileNotFoundError, sqlite3.OperationalError, IndexError):
                time.sleep(moment / 2)  # the moment itself, and nothing that is waited for
                it.look()
            time.sleep(moment / 2)
            it.daemon.kill()
            it.killed(clients)
        it.settle()
        assert_all_is_well(it, clients, "random moments")


@pytest.mark.parametrize("with_cgroup", [True, False], ids=["with cgroups", "without cgroups"])
def test_a_kill_at_any_step_loses_nothing(tmp_path, with_cgroup):
    chance = random.Random(f"{SEED}/{with_cgroup}")
    print(f"ROTA_SEED={SEED}")
    with world(tmp_path, with_cgroup) as it, Clients(it.daemon) as clients:
        for _ in range(max(1, KILLS // 20)):
            for point, (call, when, file, most) in POINTS.items():
                nth = chance.randint(1, most)
                it.launch(**dies_at(call, when, file, nth))
                wait_until(lambda: it.daemon.process.poll() is not None, f"{point}, {nth}")
                it.killed(clients)
        it.settle()
        assert_all_is_well(it, clients, "named points")
