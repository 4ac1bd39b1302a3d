"""How much memory a daemon holds (tests/faults/tells_heap.cc): after equal work the same, however busy the machine was."""

import os
import pathlib
import re
import signal

from system.daemon_under_test import wait_until
from system.preloaded import preloaded

# Between two equal rounds: caches of SQLite that fill up.
SAME, CACHES_KIB = 1.03, 256
SANITIZED = bool(os.environ.get("ROTA_SANITIZE"))


class Heap:
    """`environment` is the daemon's. A sanitizer has a heap of its own, of which nothing is told."""

    def __init__(self, directory):
        self._file = directory / "heap"
        self.kib = []  # in use after each round
        # Each thread keeps some of what was freed for itself otherwise, mallopt(3).
        self.environment = {} if SANITIZED else {
            **preloaded("tells_heap"), "ROTA_HEAP": str(self._file), "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}

    def round_is_over(self, daemon):
        """After the first round waits until no more is in use than after the one before, whatever is under way just now."""
        if SANITIZED:
            return
        most = self.kib[-1] * SAME + CACHES_KIB if self.kib else float("inf")
        self.kib.append(wait_until(lambda: now if (now := self._in_use_kib(daemon)) <= most else None,
                                   f"a heap of no more than {most:.0f} KiB after an equal round"))

    def _in_use_kib(self, daemon):
        self._file.unlink(missing_ok=True)
        daemon.process.send_signal(signal.SIGUSR1)
        return int(wait_until(lambda: self._file.exists() and self._file.read_text(), "the size of the heap")) // 1024


def rss_kib(pid):
    return int(re.search(r"VmRSS:\s*(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1])
