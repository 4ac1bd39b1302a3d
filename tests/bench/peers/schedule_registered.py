"""schedule_registered.py JOBS: what a job of `schedule` takes, and what a look at all of them costs with none due."""

import json
import sys
import time
import tracemalloc

import schedule

count = int(sys.argv[1])
tracemalloc.start()
for number in range(count):
    second = number * 7919 % 86_400
    schedule.every().day.at(f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}").do(print)
size = tracemalloc.get_traced_memory()[0]
tracemalloc.stop()
begin = time.perf_counter()
looks = 5
for _ in range(looks):
    [job for job in schedule.jobs if job.should_run]  # what run_pending does before it runs anything
    _ = schedule.idle_seconds()
print(json.dumps({"B/job": size / count, "wake-up us": (time.perf_counter() - begin) / looks * 1e6}))
