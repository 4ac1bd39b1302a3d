"""Durable thread runs a second (row begun, row finished); against the same rows by raw SQLite in groups of 64."""

from harness.row import Contestant, Goal, Row

AT_ONCE = 64


def row(bench):
    runs = bench.count(20000, 2000)

    def rota():
        with bench.directory() as directory:
            return bench.figures(
                "thread_runs",
                bench.module,
                directory,
                runs,
                AT_ONCE,
                environment={"ROTA_BENCH_JOBS": "1", "ROTA_BENCH_THREADS": "1"},
            )

    def raw():
        with bench.directory() as directory:
            return bench.figures("raw_rows", directory / "rota.db", runs, AT_ONCE)

    return Row(
        "durable thread runs",
        [Contestant("rota, 64 under way", rota), Contestant("raw SQLite, groups of 64", raw)],
        [Goal("of raw SQLite", "rota, 64 under way", "runs/s", "raw SQLite, groups of 64", at_least=0.5)],
    )
