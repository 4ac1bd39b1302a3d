"""Process runs a second, end to end: due, worker, result, committed; against the same worker without a supervisor."""

from harness.burst import burst
from harness.row import Contestant, Goal, Row


def row(bench):
    runs = bench.count(400, 60)

    def rota(at_once):
        return lambda: burst(bench, runs, at_once)

    def bare(at_once):
        return lambda: bench.figures("bare_workers", bench.worker, bench.module, "no_op_0", runs, at_once)

    def committed(at_once):
        def measure():
            with bench.directory() as directory:
                database = directory / "rota.db"
                return bench.figures("bare_workers", bench.worker, bench.module, "no_op_0", runs, at_once, database)

        return measure

    contestants, goals = [], []
    for at_once in (1, 2):
        contestants += [
            Contestant(f"rota, {at_once} at once", rota(at_once)),
            Contestant(f"bare worker, {at_once} at once", bare(at_once)),
            Contestant(f"bare worker and two commits, {at_once} at once", committed(at_once)),
        ]
        ours = f"rota, {at_once} at once"
        goals += [
            Goal(f"{at_once} at once, of the bare worker", ours, "runs/s", f"bare worker, {at_once} at once", at_least=0.85),
            Goal(
                f"{at_once} at once, of the bare worker with two commits in series",
                ours,
                "runs/s",
                f"bare worker and two commits, {at_once} at once",
                at_least=0.85,
            ),
        ]
    return Row("process runs, due to committed", contestants, goals)
