"""Worker start: from its start to the first line of the job, forked as the supervisor does and executed as without a
fork server; against an empty static program, spawn to exit."""

from harness.row import Contestant, Goal, Row


def row(bench):
    times = bench.count(300, 50)

    def worker(how):
        def measure():
            with bench.directory() as directory:
                return bench.figures("spawn_times", times, how, bench.worker, bench.module, directory / "touched")

        return measure

    return Row(
        "worker start",
        [
            Contestant("rota-worker, to the first line of the job", worker("--forked")),
            Contestant("the same without a fork server", worker("--worker")),
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
