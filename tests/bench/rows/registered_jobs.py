"""Memory of a registered job, and the cost of one wake-up with few and with many jobs; against schedule, APScheduler, croner."""

import json

from harness.row import Contestant, Goal, Row

# A peer looks at each of its jobs at each wake-up, or keeps a timer for each; the largest number is beyond some.
PEERS = {
    "schedule": ("schedule_registered.py", (1_000, 100_000)),
    "APScheduler": ("apscheduler_registered.py", (1_000, 10_000)),
    "croner": ("croner_registered.mjs", (1_000, 100_000)),
}


def row(bench):
    counts = bench.count((1_000, 100_000, 1_000_000), (1_000, 100_000))

    def rota(jobs):
        return lambda: bench.figures("registered_jobs", jobs, 2_000)

    def peer(script, jobs):
        return lambda: json.loads(bench.peer(script, jobs))

    contestants = [Contestant(f"rota, {jobs:,} jobs", rota(jobs)) for jobs in counts]
    for name, (script, numbers) in PEERS.items():
        contestants += [Contestant(f"{name}, {jobs:,} jobs", peer(script, jobs)) for jobs in numbers if jobs <= bench.count(100_000, 10_000)]
    few, many = f"rota, {counts[0]:,} jobs", f"rota, {counts[-1]:,} jobs"
    return Row(
        "registered jobs",
        contestants,
        [
            Goal("bytes a job in the calendar", many, "calendar B/job", at_most=600),
            Goal("bytes a job with all that is known of it", many, "B/job", at_most=600),
            # log2(1,000,000) / log2(1,000)
            Goal(f"an occurrence with {counts[-1]:,} jobs, of one with {counts[0]:,}", many, "due us", few, at_most=2),
            *(Goal(f"bytes a job, of {name}", few, "B/job", f"{name}, 1,000 jobs", at_most=1) for name in PEERS),
        ],
    )
