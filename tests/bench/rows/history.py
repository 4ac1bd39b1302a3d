"""A history of ten million rows: newest page of a job, failures of a week, insert rate; against the sqlite3 shell."""

import subprocess
import time

from harness.row import Contestant, Goal, Row

TIMES = 200
NEWEST = "SELECT * FROM scheduled_job_runs WHERE job_name = 'job_{0}' ORDER BY id DESC LIMIT 50;"
# The ideal knows the first id of the week.
FAILURES = "SELECT * FROM scheduled_job_runs WHERE state = 'failed' AND id > {0} ORDER BY id DESC LIMIT 1000;"
WEEK_OF_ROWS = 7 * 86_400 // 10


def shell(database, statements):
    """Seconds that the sqlite3 shell takes, less those for starting it."""

    def seconds(text):
        begin = time.perf_counter()
        subprocess.run(["sqlite3", "-readonly", database], input=text, stdout=subprocess.DEVNULL, text=True, check=True, timeout=600)
        return time.perf_counter() - begin

    start = "SELECT * FROM scheduled_job_runs LIMIT 1;"
    return seconds(start + "\n".join(statements)) - seconds(start)


def row(bench):
    rows = bench.count(10_000_000, 1_000_000)
    ideal = {}

    def rota():
        with bench.directory() as directory:
            figures = bench.figures("history", directory, rows)
            database = directory / "rota.db"
            newest = shell(database, [NEWEST.format(i * 37 % 100) for i in range(TIMES)])
            failures = shell(database, [FAILURES.format(rows - WEEK_OF_ROWS)] * TIMES)
            ideal["newest page ms"] = newest / TIMES * 1000
            ideal["failures of a week ms"] = failures / TIMES * 1000
            return figures

    def sqlite():
        return ideal.copy()

    name = f"rota, {rows:,} rows"
    return Row(
        "history",
        [Contestant(name, rota), Contestant("sqlite3 shell", sqlite)],
        [
            Goal("newest page of a job, of the shell", name, "newest page ms", "sqlite3 shell", at_most=1.5),
            Goal("failures of a week, of the shell", name, "failures of a week ms", "sqlite3 shell", at_most=1.5),
            Goal("runs a second with all rows, of those with none", name, "runs/s, full", name, "runs/s, empty", at_least=0.9),
        ],
        rounds=1,
        notes="The shell reads the same database right after, and formats what it finds as text.",
    )
