"""Triggers over HTTP with HS256, a second, and their p99; against Beast answering a constant after the same check, at once
and once a row is on disk."""

import subprocess

from harness.row import Contestant, Goal, Row
from system.daemon_under_test import SECRET, Daemon, job_table, token

CONNECTIONS = 32


def row(bench):
    requests = bench.count(20_000, 1_000)

    def load(port):
        return bench.figures("http_load", port, "/scheduler/run/no_op_", token(), CONNECTIONS, requests)

    def rota():
        with bench.directory() as directory:
            daemon = Daemon(
                directory,
                # A job a connection: of one job 1,000 runs may wait, and triggers are faster than runs.
                jobs="".join(job_table(f"no_op_{i}", overlap={"rule": "parallel", "limit": 1_000}) for i in range(CONNECTIONS)),
                modules=f'module_directories = ["{bench.module.parent}"]',
                environment={"ROTA_BENCH_JOBS": str(CONNECTIONS), "ROTA_BENCH_THREADS": "1"},
            )
            with daemon:
                return load(daemon.port)

    def constant(*database):
        with bench.directory() as directory:
            secret = directory / "secret"
            secret.write_text(SECRET)
            secret.chmod(0o600)
            server = subprocess.Popen(
                [bench.bin / "constant_http", secret, *(directory / each for each in database)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            try:
                return load(int(server.stdout.readline()))
            finally:
                server.stdin.close()
                server.wait(timeout=30)

    ours = "rota, row on disk and run on a thread"
    return Row(
        "triggers over HTTP with HS256",
        [
            Contestant(ours, rota),
            Contestant("Beast, a constant", constant),
            Contestant("Beast, a constant once a row is on disk", lambda: constant("rota.db")),
        ],
        [
            Goal("of a constant", ours, "requests/s", "Beast, a constant", at_least=0.7),
            Goal("of a constant once a row is on disk", ours, "requests/s", "Beast, a constant once a row is on disk", at_least=0.7),
        ],
        notes=f"{CONNECTIONS} connections, one request under way on each. Ours answers once the run's row is on disk, and runs it.",
    )
