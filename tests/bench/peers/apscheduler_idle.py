"""apscheduler_idle.py JOBS: so many jobs that are due once a year; ends with its standard input."""

import sys

from apscheduler.schedulers.background import BackgroundScheduler


def job():
    pass


scheduler = BackgroundScheduler(timezone="UTC")
for number in range(int(sys.argv[1])):
    scheduler.add_job(job, "cron", month=1, day=1, hour=4, id=str(number))
scheduler.start()
print("ready", flush=True)
sys.stdin.read()
scheduler.shutdown()
