"""System calls of a daemon that fail when a test wants it (tests/faults/failing_calls.cc)."""

import contextlib
import mmap
import struct

from system.preloaded import preloaded

WORDS = ("reads", "writes", "syncs", "threads", "processes")


class FailingCalls:
    """`environment` is the daemon's; with `failing(writes=errno.EIO)` those calls fail within a block."""

    def __init__(self, directory):
        file = directory / "faults"
        file.write_bytes(bytes(4 * len(WORDS)))
        with open(file, "r+b") as opened:
            self._words = mmap.mmap(opened.fileno(), 0)
        self.environment = {**preloaded("failing_calls"), "ROTA_FAULTS": str(file)}

    @contextlib.contextmanager
    def failing(self, **errors):
        try:
            self._set(errors)
            yield
        finally:
            self._set(dict.fromkeys(errors, 0))

    def _set(self, errors):
        for name, error in errors.items():
            struct.pack_into("i", self._words, 4 * WORDS.index(name), error)
