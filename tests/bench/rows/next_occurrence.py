"""The next occurrence of a schedule from the one before; against croner, schedule and croniter."""

import json

from harness.row import Contestant, Goal, Row


def row(bench):
    def peer(script):
        return lambda: json.loads(bench.peer(script, bench.count(5_000, 300)))

    peers = {
        "croner": ("croner_next.mjs", ("daily", "cron", "far cron", "zone")),
        "schedule": ("schedule_next.py", ("daily",)),
        "croniter": ("croniter_next.py", ("daily", "cron", "far cron", "zone")),
    }
    goals = [Goal("daily time, in ns", "rota", "daily ns", at_most=1000)]
    for name, (_, kinds) in peers.items():
        goals += [Goal(f"{kind}, of {name}", "rota", f"{kind} ns", name, at_most=1 / 20) for kind in kinds]
    return Row(
        "next occurrence",
        [
            Contestant("rota", lambda: bench.figures("next_occurrence", bench.count(1_000_000, 20_000))),
            *(Contestant(name, peer(script)) for name, (script, _) in peers.items()),
        ],
        goals,
        notes="`schedule` of Debian 12 knows neither cron entries nor zones. 0.05 is twenty times as fast.",
    )
