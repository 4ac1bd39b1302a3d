"""From the start of rotad to READY with a history of a million rows and 10,000 jobs."""

import os
import subprocess
import time

from harness.row import Contestant, Goal, Row
from system.daemon_under_test import BIN, Daemon


def row(bench):
    rows, jobs = bench.count(1_000_000, 100_000), 10_000

    def rota():
        with bench.directory() as directory:
            bench.figures("history", directory, rows)
            daemon = Daemon(
                directory,
                modules=f'module_directories = ["{bench.module.parent}"]',
                environment={"ROTA_BENCH_JOBS": str(jobs), "ROTA_BENCH_SCHEDULE": "every day at 04:40"},
            )
            times = [seconds_to_ready(daemon) for _ in range(2)]
            return {"first s": times[0], "second s": times[1]}

    return Row(
        "start-up",
        [Contestant("rota", rota)],
        [Goal("seconds to READY, 10,000 jobs", "rota", "second s", at_most=0.5)],
        notes="At the first start all jobs are new to the database; the second is that of every day.",
    )


def seconds_to_ready(daemon):
    daemon.port_file.unlink(missing_ok=True)
    begin = time.perf_counter()
    with open(daemon.output, "ab") as log:
        daemon.process = subprocess.Popen(
            [BIN / "rotad", "--config", daemon.configuration],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **daemon.environment},
        )
    try:
        while not daemon.port_file.exists():  # written right before READY is told
            assert daemon.process.poll() is None, daemon.output.read_text()[-500:]
            assert time.perf_counter() - begin < 60, "rotad was not ready within a minute"
            time.sleep(0.001)
        return time.perf_counter() - begin
    finally:
        daemon.stop()
