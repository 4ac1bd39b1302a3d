"""schedule_next.py COUNT: how many ns `schedule` takes to find a daily job's next occurrence."""

import json
import sys
import time

import schedule

count = int(sys.argv[1])
job = schedule.every().day.at("04:40").do(print)
begin = time.perf_counter_ns()
for _ in range(count):
    job._schedule_next_run()
print(json.dumps({"daily ns": (time.perf_counter_ns() - begin) / count}))
