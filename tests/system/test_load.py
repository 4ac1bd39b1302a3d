"""Much at once: ten thousand jobs due at the same second, two hundred triggers a second. Each has its row, memory
does not grow, and how late anything began is printed, not judged.

ROTA_LOAD_SECONDS=600 sends triggers for that long.
"""

import contextlib
import http.client
import json
import os
import pathlib
import sqlite3
import tempfile
import threading
import time

from system.daemon_under_test import LIB, Daemon, job_table, token, wait_until
from system.memory import SANITIZED, Heap, rss_kib
from system.record_checks import assert_each_occurrence_has_one_row

MANY = 1_000 if SANITIZED else 10_000
BETWEEN_SECONDS = 15
SECONDS = int(os.environ.get("ROTA_LOAD_SECONDS", "5"))
TRIGGERS_A_SECOND = 40 if SANITIZED else 200
SENDERS = 4


def count(daemon, where):
    with contextlib.closing(sqlite3.connect(f"file:{daemon.database}?mode=ro", uri=True, timeout=30)) as connection:
        return connection.execute(f"SELECT count(*) FROM scheduled_job_runs WHERE {where}").fetchone()[0]


def due_together(directory, rounds, **environment):
    """Lets MANY jobs be due at the same second, `rounds` times, after each of which memory is as before; the rows."""
    heap, resident = Heap(directory), []
    environment.update(ROTA_MANY_JOBS=str(MANY), ROTA_MANY_SCHEDULE=f"every {BETWEEN_SECONDS} seconds", **heap.environment)
    with Daemon(directory, modules=f'module_directories = ["{LIB}/many-jobs"]', environment=environment) as daemon:
        for number in range(1, rounds + 1):
            wait_until(lambda: count(daemon, "finished_at IS NOT NULL") >= number * MANY, f"round {number}", 120)
            heap.round_is_over(daemon)
            resident.append(rss_kib(daemon.process.pid))
        daemon.pause(all=True)
        wait_until(lambda: not count(daemon, "state = 'running'"), "the end of all runs", 120)
        rows = [row for row in daemon.rows() if row["state"] not in ("skipped", "queued")]
    late = sorted(row["started_at"] - row["scheduled_for"] for row in rows)
    print(f"{MANY} jobs due at the same second: {len(rows)} runs, begun {late[0]} to {late[-1]} ms late, half of them "
          f"after {late[len(late) // 2]} ms; {heap.kib} KiB in use, {resident} KiB resident after each round")
    return rows


@contextlib.contextmanager
def memory_directory():
    """In memory where that can be: what is tried is the dispatch, and a run costs a wait for the disk or two."""
    memory = pathlib.Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield pathlib.Path(name)


def assert_each_job_ran_once_an_occurrence(rows, state):
    assert {row["state"] for row in rows} == {state}
    done = {(row["job_name"], row["scheduled_for"]) for row in rows}
    assert len(done) == len(rows)
    full = sorted({at for _, at in done})[:len(rows) // MANY]
    assert {(f"many_{i}", at) for i in range(MANY) for at in full} <= done


def test_all_that_is_due_at_the_same_second_runs_once_and_memory_does_not_grow():
    with memory_directory() as directory:
        rows = due_together(directory, 2)
    assert_each_job_ran_once_an_occurrence(rows, "succeeded")


def test_all_that_fails_at_the_same_second_is_recorded_once():
    with memory_directory() as directory:
        rows = due_together(directory, 1, ROTA_MANY_FAIL="yes")
    assert_each_job_ran_once_an_occurrence(rows, "failed")


class Senders:
    """Threads that send so many triggers in all, each at its time or as soon after it as the answers allow."""

    def __init__(self, port, total, a_second):
        self.answers, self.took = [], []
        self._port, self._total, self._step = port, total, 1 / a_second
        self._begin = time.monotonic()
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def _send(self, first):
        headers = {"Authorization": "Bearer " + token()}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        with contextlib.closing(connection):
            for number in range(first, self._total, SENDERS):
                time.sleep(max(0, self._begin + number * self._step - time.monotonic()))  # the rate
                asked = time.monotonic()
                connection.request("POST", "/scheduler/run/t_no_op", headers=headers)
                answer = connection.getresponse()
                self.answers.append((answer.status, answer.read()))
                self.took.append(time.monotonic() - asked)

    def join(self):
        for thread in self._threads:
            thread.join()
        return time.monotonic() - self._begin


def test_each_of_many_triggers_has_its_run_and_the_schedule_goes_on(tmp_path):
    jobs = job_table("t_no_op", overlap={"rule": "parallel", "limit": 1000}) + "".join(
        job_table(name, schedule="every 1 second", overlap={"rule": "queue", "limit": 1000}) for name in ("t_ok", "p_ok"))
    heap, ids, total = Heap(tmp_path), set(), TRIGGERS_A_SECOND * SECONDS // 2
    with Daemon(tmp_path, jobs, environment=heap.environment) as daemon:
        for _ in range(2):
            senders = Senders(daemon.port, total, TRIGGERS_A_SECOND)
            seconds = senders.join()
            assert {status for status, _ in senders.answers} == {202} and len(senders.answers) == total
            ids |= {json.loads(body)["run_id"] for _, body in senders.answers}
            wait_until(lambda: count(daemon, "job_name = 't_no_op' AND state = 'succeeded'") == len(ids), "all runs", 120)
            heap.round_is_over(daemon)
            took = sorted(senders.took)
            print(f"{total} triggers in {seconds:.1f} s, {total / seconds:.0f} a second; answered in "
                  f"{took[len(took) // 2] * 1000:.1f} ms by half, {took[len(took) * 99 // 100] * 1000:.0f} ms by 99 %, "
                  f"{took[-1] * 1000:.0f} ms at most; {heap.kib[-1:]} KiB in use, "
                  f"{rss_kib(daemon.process.pid)} KiB resident")
        assert len(ids) == 2 * total
        wait_until(lambda: len(daemon.rows("job_name = 'p_ok' AND state = 'succeeded'")) > SECONDS, "the schedule")
        daemon.pause(all=True)
        # What waits for its turn goes on waiting.
        wait_until(lambda: not count(daemon, "state = 'running'"), "the end of all that had begun")
        scheduled = [row for row in daemon.rows("job_name != 't_no_op'")]
    assert {row["id"] for row in daemon.rows("job_name = 't_no_op'")} == ids
    for job in ("t_ok", "p_ok"):
        assert_each_occurrence_has_one_row(scheduled, job)
        late = [row["started_at"] - row["scheduled_for"] for row in scheduled
                if row["job_name"] == job and row["state"] == "succeeded"]
        print(f"{job}: {len(late)} occurrences meanwhile, begun at most {max(late)} ms late")
    assert {row["state"] for row in scheduled if row["error_type"] != "paused"} - {"queued"} == {"succeeded"}
