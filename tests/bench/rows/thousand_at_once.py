"""How late the last of 1,000 jobs starts that are due in the same instant; against the bare spawn rate."""

from harness.burst import burst
from harness.row import Contestant, Goal, Row

AT_ONCE = 2


def row(bench):
    jobs = bench.count(1000, 100)

    def rota():
        late = burst(bench, jobs, AT_ONCE)["last start ms"]
        return {"last start ms": late, "starts/s": jobs / late * 1000}

    def bare():
        figures = bench.figures("bare_workers", bench.worker, bench.module, "no_op_0", jobs, AT_ONCE)
        return {"starts/s": figures["runs/s"]}

    return Row(
        "1,000 jobs due in one instant",
        [Contestant("rota, 2 at once", rota), Contestant("bare worker, 2 at once", bare)],
        [Goal("starts a second until the last, of the bare worker", "rota, 2 at once", "starts/s", "bare worker, 2 at once", at_least=0.8)],
    )
