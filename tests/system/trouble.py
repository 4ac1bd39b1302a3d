"""A daemon in trouble, and what must be true of its record afterwards. Two jobs of each second run all the while."""

import contextlib
import sqlite3
import subprocess
import time

from system.daemon_under_test import BIN, job_table, wait_until

EACH_SECOND = job_table("t_ok", schedule="every 1 second") + job_table("p_ok", schedule="every 1 second")


def trouble(daemon):
    """What /healthz says of a fault, once it does."""
    answer = daemon.request("GET", "/healthz", headers={})
    return answer.json()["detail"] if answer.status_code == 503 else None


def well(daemon):
    return daemon.request("GET", "/healthz", headers={}).status_code == 200


def status_of(daemon):
    shown = subprocess.run([BIN / "rota", "status", "--socket", daemon.socket], capture_output=True, text=True, timeout=60,
                           check=True)
    return shown.stdout


def seconds_of(rows, job):
    return sorted(row["scheduled_for"] // 1000 for row in rows if row["job_name"] == job and row["trigger"] != "manual")


def occurrences_come(daemon):
    """Waits until there are some."""
    wait_until(lambda: all(seconds_of(daemon.rows(), job) for job in ("t_ok", "p_ok")), "occurrences")


def no_occurrence_is_lost(daemon):
    """From the first to the last, each occurrence has exactly one row."""
    for job in ("t_ok", "p_ok"):
        seconds = seconds_of(daemon.rows(), job)
        assert seconds == list(range(seconds[0], seconds[-1] + 1)), job


def each_second_has_its_row(daemon, also=()):
    """After it has stopped: no occurrence is lost, and each row has an end that is nobody's fault, or one of `also`."""
    no_occurrence_is_lost(daemon)
    rows = daemon.rows()
    states = {row["state"] for row in rows}
    assert states - set(also) <= {"succeeded", "skipped", "missed", "cancelled", "queued"}, states
    for row in rows:
        assert row["state"] != "skipped" or row["error_message"], row
    with contextlib.closing(sqlite3.connect(daemon.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def runs_again(daemon):
    """Waits until a run that is triggered now has its end."""
    assert daemon.trigger_and_finish("p_no_op")["state"] == "succeeded"


@contextlib.contextmanager
def trouble_of_some_seconds(daemon, holds, says):
    """Within `holds` the state is told with `says`, some occurrences pass, and afterwards all is well again."""
    with holds:
        wait_until(lambda: says in (trouble(daemon) or ""), f"the trouble {says}")
        assert says in status_of(daemon)
        begun = time.time()
        yield
        wait_until(lambda: time.time() > begun + 3, "three occurrences")
        assert daemon.process.poll() is None
    wait_until(lambda: well(daemon), "the end of the trouble")
    runs_again(daemon)
    told = [line for line in daemon.output.read_text().splitlines() if says in line]
    assert 1 <= len(told) <= 3, told  # said, and not with each try
