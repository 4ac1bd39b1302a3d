"""croniter_next.py COUNT: how many ns croniter takes to find the next occurrence, from the one before."""

import datetime
import json
import sys
import time
import zoneinfo

from croniter import croniter

count = int(sys.argv[1])
utc = zoneinfo.ZoneInfo("UTC")
kinds = {
    "daily": ("40 4 * * *", utc),
    "cron": ("20 2 * * 1-5", utc),
    "far cron": ("0 0 29 2 *", utc),
    "zone": ("0 3 * * *", zoneinfo.ZoneInfo("Europe/Brussels")),
}
figures = {}
for kind, (pattern, zone) in kinds.items():
    first = datetime.datetime(2026, 1, 1, tzinfo=zone)
    iterator = croniter(pattern, first)
    times = count // 10 if kind == "far cron" else count
    begin = time.perf_counter_ns()
    for i in range(times):
        if i % 30 == 29:
            iterator.set_current(first)
        iterator.get_next(datetime.datetime)
    figures[f"{kind} ns"] = (time.perf_counter_ns() - begin) / times
print(json.dumps(figures))
