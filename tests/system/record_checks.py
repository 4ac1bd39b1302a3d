"""What must hold of the record whatever has happened: for tests that kill, load and starve the daemon.

Rows are as Daemon.rows gives them.
"""

import contextlib
import sqlite3

# What a row says from its first commit on.
FIXED = ("job_name", "trigger", "scheduled_for", "attempt", "queued_at", "parameters", "requested_by", "retry_of",
         "not_before")
ORDER = {"queued": 0, "running": 1}
FAILURES = {"failed", "timed_out", "crashed", "lost"}
OF_THE_SCHEDULE = ("schedule", "catch_up")


def is_final(row):
    return row["state"] not in ORDER


def assert_only_forward(before, after):
    """No row that was read before is gone, and none has changed but forward."""
    now = {row["id"]: row for row in after}
    for old in before:
        assert old["id"] in now, f"the row is gone: {old}"
        new = now[old["id"]]
        if is_final(old):
            assert new == old
        assert [new[key] for key in FIXED] == [old[key] for key in FIXED]
        assert ORDER.get(new["state"], 2) >= ORDER.get(old["state"], 2), f"{old}\nbecame\n{new}"


def assert_each_occurrence_has_one_row(rows, job, every_ms=1000):
    """From the first occurrence on; returns how many there are."""
    occurrences = sorted(row["scheduled_for"] for row in rows
                         if row["job_name"] == job and row["trigger"] in OF_THE_SCHEDULE)
    assert occurrences, f"{job} was never due"
    assert occurrences == list(range(occurrences[0], occurrences[-1] + 1, every_ms)), job
    return len(occurrences)


def assert_each_failure_is_tried_again(rows, job, limit):
    """Once, up to `limit` further attempts, and nothing else is."""
    of_job = [row for row in rows if row["job_name"] == job]
    wanted = [row["id"] for row in of_job if row["state"] in FAILURES and row["attempt"] <= limit]
    assert sorted(row["retry_of"] for row in of_job if row["retry_of"] is not None) == wanted


def mails_due(rows, job):
    """The Message-IDs, without the host, of what the rules of alarms have to say of a job without retries whose
    runs go one after the other: its first failure and its first success after one."""
    due, failing = [], False
    for row in sorted((row for row in rows if row["job_name"] == job and row["finished_at"]),
                      key=lambda row: (row["finished_at"], row["id"])):
        if row["state"] in FAILURES and not failing:
            due.append(f"run-{row['id']}-failure-{row['queued_at']}")
        if row["state"] == "succeeded" and failing:
            due.append(f"run-{row['id']}-recovery-{row['queued_at']}")
        failing = row["state"] in FAILURES or (failing and row["state"] != "succeeded")
    return due


def integrity(database):
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchone()[0]
