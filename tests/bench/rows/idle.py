"""Idle wake-ups a minute and memory (PSS) with 100 jobs of which none is due; against cron, APScheduler, Bree, Cronicle."""

from harness.cron import running_cron
from harness.idle import idle_cost, waiting_peer
from harness.row import CannotRun, Contestant, Goal, Row
from system.daemon_under_test import Daemon

JOBS = 100


def row(bench):
    seconds = bench.count(60, 10)

    def rota():
        with bench.directory() as directory:
            daemon = Daemon(directory, modules=f'module_directories = ["{bench.lib}/hundred-jobs"]')
            with daemon:
                # Past the first pruning of the history, which then comes once an hour.
                first = bench.count(62, 2)
                of_pruning = idle_cost(daemon.process.pid, first)["wake-ups/min"] * first / 60
                return {**idle_cost(daemon.process.pid, seconds), "wake-ups an hour": of_pruning}

    def cron():
        with bench.directory() as directory, running_cron(directory, "0 4 1 1 * true\n" * JOBS) as process:
            return idle_cost(process.pid, seconds)

    def peer(script):
        def measure():
            with waiting_peer(script, JOBS) as (process, _):
                return idle_cost(process.pid, seconds)

        return measure

    def cronicle():
        raise CannotRun("Cronicle is not among the packages of npm; its own installer fetches it from elsewhere")

    names = ("cron", "APScheduler", "Bree", "Cronicle")
    return Row(
        "idle, 100 jobs",
        [
            Contestant("rota", rota),
            Contestant("cron", cron),
            Contestant("APScheduler", peer("apscheduler_idle.py")),
            Contestant("Bree", peer("bree_idle.mjs")),
            Contestant("Cronicle", cronicle),
        ],
        [
            Goal("wake-ups a minute, without a watchdog", "rota", "wake-ups/min", at_most=0),
            Goal("PSS in MB", "rota", "PSS MB", at_most=12),
            *(Goal(f"PSS, of {name}", "rota", "PSS MB", name, at_most=1) for name in names if name != "cron"),
        ],
        rounds=1,
        notes="The PSS of the scheduler alone: what jobs take is theirs.",
    )
