"""apscheduler_delays.py SECONDS: by how many ms APScheduler calls a function late that is due each second."""

import sys
import threading
import time

from apscheduler.schedulers.background import BackgroundScheduler

late = []
scheduler = BackgroundScheduler(timezone="UTC")
scheduler.add_job(lambda: late.append(time.time_ns() % 1_000_000_000 / 1e6), "cron", second="*")
scheduler.start()
threading.Event().wait(int(sys.argv[1]))
scheduler.shutdown()
print("\n".join(map(str, late)))
