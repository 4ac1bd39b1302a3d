"""What stands between a daemon and the C library (tests/faults)."""

import functools
import re
import subprocess

from system.daemon_under_test import BIN, LIB


@functools.cache
def sanitizers():
    """The libraries of the sanitizers that rotad is built with."""
    needed = subprocess.run(["ldd", BIN / "rotad"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"lib[a-z]*san\.so\S* => (\S+)", needed)


def preloaded(shim):
    """The environment of rotad. A sanitizer's library has to be the first; its functions call those of the shim then."""
    return {"LD_PRELOAD": " ".join([*sanitizers(), str(LIB / "faults" / f"{shim}.so")])}
