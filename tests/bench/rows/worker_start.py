"""Worker start: from spawn to the first line of the job; against an empty static program, spawn to exit."""

from harness.row import Contestant, Goal, Row


def row(bench):
    times = bench.count(300, 50)

    def worker():
        with bench.directory() as directory:
            return bench.figures("spawn_times", times, "--worker", bench.worker, bench.module, directory / "touched")

    return Row(
        "worker start",
        [
            Contestant("rota-worker, to the first line of the job", worker),
            Contestant("empty static program, to its exit", lambda: bench.figures("spawn_times", times, bench.bin / "empty")),
        ],
        [
            Goal(
                "of an empty static program",
                "rota-worker, to the first line of the job",
                "ms",
                "empty static program, to its exit",
                at_most=1.5,
            )
        ],
    )
