"""Runs an example job by hand, on a database of its own."""

import contextlib
import datetime
import os
import pathlib
import re
import sqlite3
import subprocess
import sys

WORKER = os.path.join(os.environ["ROTA_BIN"], "rota-worker")
MODULES = os.path.join(os.environ["ROTA_LIB"], "jobs")
TODAY = datetime.date(2026, 11, 24)

# The demo's data and servers are the tests' too.
sys.path.insert(0, str(pathlib.Path(os.environ["ROTA_SOURCE"]) / "packaging" / "demo"))


class Runner:
    def __init__(self, directory):
        self.database = pathlib.Path(directory) / "meetings.db"

    def command(self, job, last_entry=None, **parameters):
        words = [WORKER, job, "--module", f"{MODULES}/{job}.so"]
        for name, value in {"database": self.database, "today": TODAY, **parameters}.items():
            words += ["--param", f"{name}={value}"]
        return words + (["--last-entry", last_entry] if last_entry else [])

    def run(self, job, last_entry=None, timeout="60s", **parameters):
        return Result(subprocess.run(self.command(job, last_entry, **parameters) + ["--timeout", timeout],
                                     capture_output=True, text=True, timeout=120))

    def create(self):
        """The tables, without rows."""
        assert self.run("clean_up_embeddings").status == 0

    def rows(self, sql, *arguments):
        with contextlib.closing(sqlite3.connect(self.database, timeout=30)) as connection:
            return connection.execute(sql, arguments).fetchall()

    def execute(self, sql, *arguments):
        with contextlib.closing(sqlite3.connect(self.database, timeout=30)) as connection:
            with connection:
                connection.execute(sql, arguments)


class Result:
    def __init__(self, process):
        self.status = process.returncode
        self.text = process.stderr
        figures = re.search(r"(\d+) added, (\d+) processed", self.text)
        self.added, self.processed = (int(figure) for figure in figures.groups()) if figures else (None, None)
        entry = re.search(r"last entry: (.*)", self.text)
        self.last_entry = entry.group(1) if entry else None
