"""Firing delay of a job due each second on an idle machine; against a bare timerfd and against the peers."""

import math
import pathlib
import time

from harness.row import CannotRun, Contestant, Goal, Row
from harness.cron import cron_delays
from system.daemon_under_test import Daemon, job_table


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(part * len(ordered)) - 1)]


def delays(values):
    if len(values) < 2:
        raise CannotRun("nothing fired")
    return {"p50 ms": percentile(values, 0.5), "p99 ms": percentile(values, 0.99)}


def touched(file, unit=1_000_000_000):
    """By how many ms the instants in a file, in ns, are later than the last whole second."""
    return [int(line) % unit / 1e6 for line in pathlib.Path(file).read_text().split()]


def numbers(text):
    return [float(line) for line in text.split()]


def row(bench):
    seconds = bench.count(100, 10)

    def rota(**environment):
        def measure():
            with bench.directory() as directory:
                file = directory / "touched"
                daemon = Daemon(
                    directory,
                    jobs=job_table("touch", schedule="every second", overlap="parallel", parameters={"path": file}),
                    modules=f'module_directories = ["{bench.module.parent}"]',
                    environment=environment,
                )
                with daemon:
                    time.sleep(seconds)
                return delays(touched(file))

        return measure

    def bare(commit=False, worker=False):
        def measure():
            with bench.directory() as directory:
                database = directory / "rota.db" if commit else "-"
                started = (bench.worker, bench.module, directory / "touched") if worker else ()
                return delays(numbers(bench.output("wake_ups", seconds, database, *started)))

        return measure

    def peer(script):
        return lambda: delays(numbers(bench.peer(script, seconds)))

    contestants = [
        Contestant("rota, thread", rota(ROTA_BENCH_THREADS="1")),
        Contestant("bare timerfd", bare()),
        Contestant("bare timerfd and commit", bare(commit=True)),
        Contestant("rota, process", rota()),
        Contestant("bare timerfd and worker", bare(worker=True)),
        Contestant("bare timerfd, commit and worker", bare(commit=True, worker=True)),
        Contestant("APScheduler", peer("apscheduler_delays.py")),
        Contestant("schedule", peer("schedule_delays.py")),
        Contestant("node-cron", peer("node_cron_delays.mjs")),
        Contestant("croner", peer("croner_delays.mjs")),
        Contestant("Bree", peer("bree_delays.mjs")),
        Contestant("cron", lambda: delays(cron_delays(bench, minutes=bench.count(3, 2)))),
    ]
    goals = []
    for figure in ("p50 ms", "p99 ms"):
        for ours, yardstick in (
            ("rota, thread", "bare timerfd"),
            ("rota, thread", "bare timerfd and commit"),
            ("rota, process", "bare timerfd and worker"),
            ("rota, process", "bare timerfd, commit and worker"),
        ):
            goals.append(Goal(f"{figure[:3]}, {ours[6:]}, of the {yardstick}", ours, figure, yardstick, at_most=1.3))
        for name in ("APScheduler", "schedule", "node-cron", "croner"):
            goals.append(Goal(f"{figure[:3]}, thread, of {name}", "rota, thread", figure, name, at_most=1))
        for name in ("Bree", "cron"):
            goals.append(Goal(f"{figure[:3]}, process, of {name}", "rota, process", figure, name, at_most=1))
    return Row("firing delay, idle", contestants, goals, rounds=1, notes="Bree and cron start a thread or a process for each run, the other peers call a function, and none records anything. A run of ours has its row on the disk before it starts.")
