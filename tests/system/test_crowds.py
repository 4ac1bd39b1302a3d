"""Very many of what is cheap: 100,000 jobs that wait for their time, and thousands of HTTP connections that say
nothing or say it slowly, while jobs go on beside them."""

import contextlib
import datetime
import resource
import selectors
import socket
import time

import pytest

from supervisor.http.http_under_test import ask_local
from system.daemon_under_test import LIB, Daemon, job_table, wait_until
from system.memory import SANITIZED, Heap, rss_kib
from system.record_checks import assert_each_occurrence_has_one_row

CROWD = 10_000 if SANITIZED else 100_000
FILES = 10
CONNECTIONS = 1_000
SERVED = 256  # supervisor/http/http_limits.h: connections
OVERLAP = {"rule": "queue", "limit": 1000}
EACH_SECOND = (job_table("t_ok", schedule="every 1 second", overlap=OVERLAP)
               + job_table("p_ok", schedule="every 1 second", overlap=OVERLAP))


def clock_time(number):
    """The time of day at which this job of the crowd is due; each second of it has a job or two."""
    second = number * 86_399 // CROWD
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def job_file(directory, part, changed=""):
    numbers = range(part * CROWD // FILES, (part + 1) * CROWD // FILES)
    text = "".join(f'[jobs.crowd_{number}]\ncommand = ["true"]\nschedule = "every day at {clock_time(number)}"\n'
                   for number in numbers)
    (directory / f"{part}.toml").write_text(text + changed)


def next_at(clock, now):
    at = datetime.datetime.combine(now.date(), datetime.time.fromisoformat(clock), datetime.timezone.utc)
    return at if at > now else at + datetime.timedelta(days=1)


def assert_next_occurrences_are_right(daemon, numbers):
    for number in numbers:
        before = datetime.datetime.now(datetime.timezone.utc)
        told = datetime.datetime.fromisoformat(daemon.job(f"crowd_{number}")["next_occurrence"])
        after = datetime.datetime.now(datetime.timezone.utc)
        assert told in (next_at(clock_time(number), before), next_at(clock_time(number), after))


def assert_undisturbed(daemon, jobs=("t_ok", "p_ok")):
    """Of a daemon that holds back all jobs: what waits then goes on waiting."""
    wait_until(lambda: not daemon.rows("state = 'running'"), "the end of all that had begun")
    rows = [row for row in daemon.rows() if row["job_name"] in jobs and row["error_type"] != "paused"]
    begun = [row for row in rows if row["state"] != "queued"]
    assert {row["state"] for row in begun} == {"succeeded"}
    for job in jobs:
        assert_each_occurrence_has_one_row(rows, job)
    late = [row["started_at"] - row["scheduled_for"] for row in begun]
    print(f"{len(rows)} occurrences meanwhile, begun at most {max(late)} ms late")


def test_very_many_jobs_of_files_are_started_reloaded_and_due(tmp_path):
    jobs = tmp_path / "jobs.d"
    jobs.mkdir()
    for part in range(FILES):
        job_file(jobs, part)
    heap = Heap(tmp_path)
    daemon = Daemon(tmp_path, job_table("t_ok", schedule="every 1 second", overlap=OVERLAP), environment=heap.environment)
    begin = time.monotonic()
    with daemon.start():
        print(f"{CROWD} jobs in {FILES} files: started in {time.monotonic() - begin:.1f} s, "
              f"{rss_kib(daemon.process.pid)} KiB")
        assert_next_occurrences_are_right(daemon, range(0, CROWD, CROWD // 40))
        for _ in range(2):
            begin = time.monotonic()
            answer = daemon.reload().json()
            heap.round_is_over(daemon)
            print(f"reloaded in {time.monotonic() - begin:.1f} s, {heap.kib[-1:]} KiB in use")
            assert answer["unchanged"] >= CROWD and answer["added"] + answer["changed"] + answer["removed"] == 0
        job_file(jobs, 0, '[jobs.crowd_new]\ncommand = ["true"]\nschedule = "every 1 second"\n')
        assert daemon.reload().json()["added"] == 1
        wait_until(lambda: daemon.rows("job_name = 'crowd_new' AND state = 'succeeded'"), "a run of the new job")
        for part in range(FILES):
            (jobs / f"{part}.toml").unlink()
        assert daemon.reload().json()["removed"] == CROWD + 1
        daemon.pause(all=True)
        assert_undisturbed(daemon, ("t_ok",))
    assert daemon.stop() == 0


def test_very_many_jobs_of_a_module_are_started(tmp_path):
    environment = {"ROTA_MANY_JOBS": str(CROWD), "ROTA_MANY_SCHEDULE": "every day at 03:00"}
    daemon = Daemon(tmp_path, modules=f'module_directories = ["{LIB}/many-jobs"]', environment=environment)
    begin = time.monotonic()
    with daemon.start():
        print(f"{CROWD} jobs of a module: started in {time.monotonic() - begin:.1f} s, {rss_kib(daemon.process.pid)} KiB")
        told = datetime.datetime.fromisoformat(daemon.job(f"many_{CROWD - 1}")["next_occurrence"])
        assert (told.hour, told.minute) == (3, 0)
        assert daemon.trigger_and_finish("many_0")["state"] == "succeeded"


@pytest.fixture(name="room")
def descriptors():
    """For the connections of this side."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS + 500
    if before[1] != resource.RLIM_INFINITY and before[1] < wanted:
        pytest.skip(f"no more than {before[1]} descriptors can be opened here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], wanted), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


class Crowd:
    """Connections to the daemon that begin a request, if with anything, and how each has ended so far."""

    def __init__(self, daemon, first=b""):
        self.daemon, self.open, self.ends = daemon, {}, []
        self._ready = selectors.DefaultSelector()
        for _ in range(CONNECTIONS):
            connection = socket.create_connection(("127.0.0.1", daemon.port), timeout=60)
            self.open[connection] = b""
            self._ready.register(connection, selectors.EVENT_READ)
            with contextlib.suppress(OSError):  # closed again already
                connection.sendall(first)

    def send(self, byte):
        """A byte more from each, and a look at what came back."""
        for connection in self.open:
            with contextlib.suppress(OSError):
                connection.send(byte)
        self.look()

    def look(self):
        for key, _ in self._ready.select(0.1):
            connection, piece = key.fileobj, b""
            with contextlib.suppress(OSError):
                piece = connection.recv(4096)
            self.open[connection] += piece
            if not piece:
                self._ready.unregister(connection)
                self.ends.append(self.open.pop(connection)[9:12].decode())
                connection.close()

    def settle(self, served):
        """Until all but so many have ended; the healthy are answered all the while."""
        def settled():
            self.look()
            assert ask_local(self.daemon.socket, "GET", "/healthz").status == 200
            return len(self.open) <= served
        wait_until(settled, "the refusal of the others")

    def close(self):
        for connection in self.open:
            connection.close()
        self._ready.close()


def test_idle_and_slow_connections_keep_nobody_else_from_anything(tmp_path, room):
    heap = Heap(tmp_path)
    with Daemon(tmp_path, EACH_SECOND, environment=heap.environment) as daemon:
        for _ in range(2):
            with contextlib.closing(Crowd(daemon)) as idle:
                idle.settle(SERVED)
                # Told by 503 as long as there is room for that, else just closed.
                assert set(idle.ends) <= {"503", ""} and len(idle.ends) == CONNECTIONS - SERVED
                heap.round_is_over(daemon)
            wait_until(lambda: healthy(daemon), "an answer once they are gone")
        with contextlib.closing(Crowd(daemon, b"GET /healthz HTTP/1.1\r\nX: ")) as slow:
            def ended():
                slow.send(b"x")
                assert ask_local(daemon.socket, "GET", "/healthz").status == 200
                return not slow.open
            wait_until(ended, "408 for the slow")
            assert set(slow.ends) <= {"408", "503", ""} and slow.ends.count("408") <= SERVED
        print(f"{CONNECTIONS} idle, twice: {heap.kib} KiB in use; {CONNECTIONS} slow: {slow.ends.count('408')} told 408, "
              f"{slow.ends.count('503')} 503, {slow.ends.count('')} closed")
        wait_until(lambda: healthy(daemon), "an answer after all")
        daemon.pause(all=True)
        assert_undisturbed(daemon)


def healthy(daemon):
    with contextlib.suppress(OSError):
        return daemon.request("GET", "/healthz").status_code == 200
    return False
