"""A disk that is full, read-only, broken or held by another: writes wait and are said to, nothing is lost, nothing is
invented, and all goes on by itself when it is back.

Jobs of each second run all the while; afterwards each second has its row.
"""

import contextlib
import ctypes
import errno
import os
import sqlite3
import subprocess

import pytest

from system.daemon_under_test import BIN, Daemon, wait_until
from system.failing_calls import FailingCalls
from system.trouble import (EACH_SECOND, each_second_has_its_row, no_occurrence_is_lost, occurrences_come, runs_again,
                            trouble, trouble_of_some_seconds, well)

LIBC = ctypes.CDLL(None, use_errno=True)
READ_ONLY, REMOUNT, DETACH = 1, 32, 2  # mount(2), umount2(2)


class SmallDisk:
    def __init__(self, directory, kib=2048):
        self.directory = directory
        self.ballast = directory / "ballast"
        directory.mkdir(exist_ok=True)
        self._mount(0, f"size={kib}k,mode=0755")

    def _mount(self, flags, options=""):
        if LIBC.mount(b"rota-test", str(self.directory).encode(), b"tmpfs", flags, options.encode()) != 0:
            pytest.skip(f"no tmpfs can be mounted here: {os.strerror(ctypes.get_errno())}")

    def fill(self):
        with contextlib.suppress(OSError), open(self.ballast, "ab", buffering=0) as file:
            for size in (65536, 4096, 512, 1):
                with contextlib.suppress(OSError):
                    while file.write(bytes(size)):
                        pass

    def make_room(self):
        self.ballast.unlink()

    def read_only(self, value):
        flags = REMOUNT | (READ_ONLY if value else 0)
        assert LIBC.mount(None, str(self.directory).encode(), None, flags, None) == 0

    def close(self):
        LIBC.umount2(str(self.directory).encode(), DETACH)


@pytest.fixture
def disk(tmp_path):
    made = SmallDisk(tmp_path / "disk")
    yield made
    made.close()


def on_the_disk(daemon, database=None, logs=None):
    """Writes the configuration anew."""
    daemon.database = database or daemon.database
    daemon.logs = logs or daemon.logs
    text = daemon.configuration.read_text()
    text = text.replace('database = "rota.db"', f'database = "{daemon.database}"')
    daemon.configuration.write_text(text.replace('log_directory = "log"', f'log_directory = "{daemon.logs}"'))


@contextlib.contextmanager
def full(disk):
    disk.fill()
    yield
    disk.make_room()


@pytest.mark.parametrize("on_disk", ["database", "logs", "both"])
def test_a_full_disk_loses_nothing_and_all_goes_on_when_there_is_room(tmp_path, disk, on_disk):
    database = disk.directory / "rota.db" if on_disk != "logs" else tmp_path / "rota.db"
    logs = disk.directory / "log" if on_disk != "database" else tmp_path / "log"
    daemon = Daemon(tmp_path, EACH_SECOND)
    on_the_disk(daemon, database=database, logs=logs)
    with daemon:
        runs_again(daemon)
        if on_disk == "logs":
            with full(disk):
                run = daemon.trigger_and_finish("p_echo")
                assert run["state"] == "succeeded"
                assert well(daemon)
                wait_until(lambda: "No space left on device" in daemon.output.read_text(), "a word on the logs")
        else:
            with trouble_of_some_seconds(daemon, full(disk), "make room on its disk"):
                pass
        assert "printed by the job" in daemon.log(daemon.trigger_and_finish("p_echo")["id"])
        occurrences_come(daemon)
    each_second_has_its_row(daemon)


@pytest.mark.parametrize("kind", ["full", "read only"])
def test_a_start_on_a_disk_that_takes_nothing_waits_for_it(tmp_path, disk, kind):
    daemon = Daemon(tmp_path, EACH_SECOND)
    on_the_disk(daemon, database=disk.directory / "rota.db")
    with daemon:
        runs_again(daemon)
    disk.fill() if kind == "full" else disk.read_only(True)
    with open(daemon.output, "ab") as output:
        starting = subprocess.Popen([BIN / "rotad", "--config", daemon.configuration], stdin=subprocess.DEVNULL,
                                    stdout=output, stderr=output)
    try:
        wait_until(lambda: "it is tried again until it can be used" in daemon.output.read_text(), "a word on the disk")
        assert starting.poll() is None
    finally:
        disk.make_room() if kind == "full" else disk.read_only(False)
        wait_until(lambda: daemon.output.read_text().count("started with") == 2, "the second start")
        occurrences_come(daemon)
        starting.terminate()
        assert starting.wait(timeout=60) == 0
    each_second_has_its_row(daemon)


@pytest.mark.parametrize(
    "faults, says",
    [
        ({"writes": errno.EIO, "syncs": errno.EIO}, "look at its disk"),
        ({"writes": errno.ENOSPC}, "make room on its disk"),
        ({"writes": errno.EROFS}, "disk I/O error"),
        ({"syncs": errno.EIO}, "look at its disk"),
        ({"reads": errno.EIO, "writes": errno.EIO, "syncs": errno.EIO}, "cannot be written"),
    ],
    ids=["writing", "no room", "read only", "syncing", "everything"],
)
def test_a_broken_disk_loses_nothing_and_all_goes_on_when_it_works_again(tmp_path, faults, says):
    calls = FailingCalls(tmp_path)
    with Daemon(tmp_path, EACH_SECOND, environment=calls.environment) as daemon:
        runs_again(daemon)
        with trouble_of_some_seconds(daemon, calls.failing(**faults), says):
            pass
    each_second_has_its_row(daemon)


def test_a_record_that_cannot_be_read_is_not_told_as_empty(tmp_path):
    calls = FailingCalls(tmp_path)
    with Daemon(tmp_path, environment=calls.environment) as daemon:
        for _ in range(3):
            daemon.trigger_and_finish("t_echo")
        daemon.stop()
        daemon.start()
        with calls.failing(reads=errno.EIO):
            answer = daemon.request("GET", "/scheduler/runs/2")
            assert answer.status_code == 503 and "cannot be read" in answer.text
            assert daemon.request("GET", "/scheduler/runs").status_code == 503
            assert "cannot be read" in trouble(daemon)
        wait_until(lambda: well(daemon), "the end of the trouble")
        assert daemon.run(2)["state"] == "succeeded"


def test_a_database_that_another_program_holds_is_waited_for(tmp_path):
    @contextlib.contextmanager
    def held():
        with contextlib.closing(sqlite3.connect(daemon.database, isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.execute("COMMIT")

    with Daemon(tmp_path, EACH_SECOND) as daemon:
        runs_again(daemon)
        with trouble_of_some_seconds(daemon, held(), "end the program that holds it"):
            pass
    each_second_has_its_row(daemon)


def test_a_stop_while_the_database_cannot_be_written_ends_and_the_next_start_accounts_for_all(tmp_path):
    calls = FailingCalls(tmp_path)
    with Daemon(tmp_path, EACH_SECOND, environment=calls.environment) as daemon:
        runs_again(daemon)
        occurrences_come(daemon)
        with calls.failing(writes=errno.EIO):
            wait_until(lambda: trouble(daemon), "the trouble")
            assert daemon.stop() == 0
        assert "stopping without the last rows" in daemon.output.read_text()
        daemon.start()
        runs_again(daemon)
    no_occurrence_is_lost(daemon)
    assert not [row for row in daemon.rows() if row["state"] in ("queued", "running")]
