"""schedule_delays.py SECONDS: by how many ms `schedule` calls a function late that is due each second, with the loop
that its documentation recommends, which looks once a second."""

import datetime
import sys
import time

import schedule

late = []


def job(due):
    late.append((datetime.datetime.now() - due.next_run).total_seconds() * 1000)


# `every(1).seconds` would count from the run before; these are due at instants of the clock.
for second in range(60):
    due = schedule.every().minute.at(f":{second:02d}")
    due.do(job, due)
end = time.monotonic() + int(sys.argv[1])
while time.monotonic() < end:
    schedule.run_pending()
    time.sleep(1)
print("\n".join(map(str, late)))
