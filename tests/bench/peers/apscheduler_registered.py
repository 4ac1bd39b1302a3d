"""apscheduler_registered.py JOBS: what a job of APScheduler takes, and what a wake-up costs with none due."""

import json
import sys
import time
import tracemalloc

from apscheduler.schedulers.background import BackgroundScheduler


def job():
    pass


count = int(sys.argv[1])
scheduler = BackgroundScheduler(timezone="UTC")
scheduler.start(paused=True)
tracemalloc.start()
for number in range(count):
    second = number * 7919 % 86_400
    scheduler.add_job(job, "cron", hour=second // 3600, minute=second // 60 % 60, second=second % 60)
size = tracemalloc.get_traced_memory()[0]
tracemalloc.stop()
scheduler.resume()
begin = time.perf_counter()
looks = 20
for _ in range(looks):
    scheduler._process_jobs()  # what its thread does each time it wakes up
print(json.dumps({"B/job": size / count, "wake-up us": (time.perf_counter() - begin) / looks * 1e6}))
scheduler.shutdown()
