"""A clock that a test sets, and that its daemon alone sees (tests/faults/set_clock.cc)."""

import datetime
import mmap
import signal
import struct
import time

import pytest

from system.daemon_under_test import Daemon, job_table, token, wait_until
from system.preloaded import preloaded

MINUTE, DAY, YEAR = 60, 86400, 365 * 86400
# A day of seconds would be a row each.
EACH_SECOND = job_table("t_ok", schedule="every 1 second", catch_up={"rule": "once", "window": "1 minute"})
STEPS = {"a minute": MINUTE, "a day": DAY, "a year": YEAR}


class Clock:
    def __init__(self, directory):
        file = directory / "clock"
        file.write_bytes(bytes(8))
        with open(file, "r+b") as opened:
            self._ahead = mmap.mmap(opened.fileno(), 0)
        self.environment = {**preloaded("set_clock"), "ROTA_CLOCK": str(file)}

    def set(self, daemon, seconds):
        """So many seconds before or after the real time from now on."""
        struct.pack_into("q", self._ahead, 0, seconds * 1_000_000_000)
        daemon.process.send_signal(signal.SIGUSR2)

    def now_ms(self):
        return time.time() * 1000 + struct.unpack_from("q", self._ahead)[0] / 1_000_000


class ClockedDaemon(Daemon):
    """Its tokens are good at any time, and rows are looked for in the database."""

    def request(self, method, path, scope="run read admin", **options):
        far = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=5000)
        options.setdefault("headers", {"Authorization": "Bearer " + token(scope, exp=far)})
        return super().request(method, path, **options)


@pytest.fixture
def clock(tmp_path):
    return Clock(tmp_path)


def rows_of(daemon, job):
    return daemon.rows("job_name = ?", (job,))


def scheduled(daemon, job):
    return [row["scheduled_for"] // 1000 for row in daemon.rows("job_name = ? AND scheduled_for IS NOT NULL", (job,))]


def none_twice(daemon, jobs):
    for job in jobs:
        found = [row["scheduled_for"] for row in daemon.rows("job_name = ? AND \"trigger\" != 'retry'", (job,))]
        assert len(found) == len(set(found)), job


def fires_on(daemon, clock, job):
    """Waits for three occurrences that the clock comes to from now on."""
    begun = clock.now_ms()
    wait_until(lambda: len([row for row in rows_of(daemon, job)
                            if begun <= row["scheduled_for"] < begun + 60000 and row["state"] == "succeeded"]) >= 3,
               "occurrences under the new clock")
