"""A database file that is moved away, deleted, replaced or damaged while it is in use, and at a start: said, with what
to do; nothing is written to a file that is no longer there, and nothing is deleted, repaired or invented."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess

import pytest

from system.daemon_under_test import BIN, Daemon, wait_until
from system.trouble import (EACH_SECOND, each_second_has_its_row, no_occurrence_is_lost, occurrences_come, runs_again,
                            trouble, trouble_of_some_seconds)

FILES = ("rota.db", "rota.db-wal", "rota.db-shm")


def count(database):
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        return connection.execute("SELECT count(*) FROM scheduled_job_runs").fetchone()[0]


def test_a_database_that_is_moved_away_and_back_loses_nothing(tmp_path):
    away = tmp_path / "away"
    away.mkdir()

    @contextlib.contextmanager
    def moved():
        for name in FILES:
            (tmp_path / name).rename(away / name)
        yield
        assert not daemon.database.exists()
        for name in FILES:
            (away / name).rename(tmp_path / name)

    with Daemon(tmp_path, EACH_SECOND) as daemon:
        runs_again(daemon)
        with trouble_of_some_seconds(daemon, moved(), "cannot be found"):
            pass
    each_second_has_its_row(daemon)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_deleted_is_told_at_once_and_not_written(tmp_path, name):
    with Daemon(tmp_path) as daemon:
        runs_again(daemon)
        before = count(daemon.database)
        (tmp_path / name).unlink()
        # Also while nobody wants to write.
        assert f"{name}: cannot be found" in trouble(daemon)
        assert "put a backup in its place" in trouble(daemon)
        answer = daemon.request("GET", "/scheduler/backup", scope="admin")
        assert answer.status_code >= 500 and "cannot be found" in answer.text
        assert daemon.stop() == 0
        if name != "rota.db":
            assert count(daemon.database) == before  # what had been answered is in the file
        daemon.start()
        runs_again(daemon)


def test_a_database_that_is_replaced_is_told_and_the_other_is_left_alone(tmp_path):
    with Daemon(tmp_path, EACH_SECOND) as daemon:
        runs_again(daemon)
        daemon.stop()
        other = tmp_path / "other.db"
        shutil.copy(daemon.database, other)
        rows_of_other = count(other)
        before = other.read_bytes()
        daemon.start()
        runs_again(daemon)
        other.rename(daemon.database)
        wait_until(lambda: "another file has taken its place" in (trouble(daemon) or ""), "the trouble")
        wait_until(lambda: "another file has taken its place" in daemon.output.read_text(), "a word in the log")
        assert daemon.stop() == 0
        assert daemon.database.read_bytes() == before
        daemon.start()
        runs_again(daemon)
        assert count(daemon.database) > rows_of_other
        occurrences_come(daemon)
    no_occurrence_is_lost(daemon)


def overwrite(file, begin, end):
    with open(file, "r+b") as opened:
        opened.seek(begin)
        opened.write(b"\xa5" * (end - begin))


def test_a_database_that_is_damaged_while_it_is_in_use_is_told_and_no_occurrence_is_dropped(tmp_path):
    with Daemon(tmp_path, EACH_SECOND) as daemon:
        runs_again(daemon)
        occurrences_come(daemon)
        daemon.stop()
        good = tmp_path / "good"
        shutil.copy(daemon.database, good)
        rows = len(daemon.rows())
        daemon.start()
        # Over all pages, and over those of the log: nothing that is read anew is what was written.
        overwrite(daemon.database, 0, daemon.database.stat().st_size)
        overwrite(tmp_path / "rota.db-shm", 0, 32768)
        wait_until(lambda: "cannot be" in (trouble(daemon) or ""), "the trouble")
        assert "put a backup in its place" in trouble(daemon)
        assert "refused a write for good" not in daemon.output.read_text()
        daemon.kill()
        for name in FILES:
            (tmp_path / name).unlink(missing_ok=True)
        shutil.copy(good, daemon.database)
        daemon.start()
        runs_again(daemon)
    assert len(daemon.rows()) > rows
    no_occurrence_is_lost(daemon)


@pytest.mark.parametrize("damage", ["header", "pages", "truncated", "newer"])
def test_a_start_on_what_is_no_good_database_says_so_and_leaves_it_alone(tmp_path, damage):
    with Daemon(tmp_path, EACH_SECOND) as daemon:
        for _ in range(10):
            runs_again(daemon)
    size = daemon.database.stat().st_size
    if damage == "header":
        overwrite(daemon.database, 0, 100)
    elif damage == "pages":
        overwrite(daemon.database, 4096, size)
    elif damage == "truncated":
        os.truncate(daemon.database, size // 2)
    else:
        with contextlib.closing(sqlite3.connect(daemon.database)) as connection:
            connection.execute("PRAGMA user_version = 99")
    before = daemon.database.read_bytes()
    ended = subprocess.run([BIN / "rotad", "--config", daemon.configuration], capture_output=True, text=True, timeout=60,
                           check=False)
    assert ended.returncode == 3, ended.stdout + ended.stderr
    said = ended.stdout + ended.stderr
    assert f"database {daemon.database}: " in said
    assert ("newer Rota" if damage == "newer" else "put a backup in its place") in said
    assert daemon.database.read_bytes() == before


def test_a_log_of_the_database_that_is_removed_before_a_start_costs_the_rows_in_it_and_no_occurrence_twice(tmp_path):
    with Daemon(tmp_path, EACH_SECOND) as daemon:
        runs_again(daemon)
        occurrences_come(daemon)
        daemon.stop()
        daemon.start()
        runs_again(daemon)
        daemon.stop(signal.SIGKILL)
        (tmp_path / "rota.db-wal").unlink()
        (tmp_path / "rota.db-shm").unlink()
        daemon.start()
        runs_again(daemon)
    no_occurrence_is_lost(daemon)
