"""What a process costs while it has nothing to do."""

import contextlib
import pathlib
import shutil
import subprocess
import time

from harness.bench import OUT, PEERS, PYTHON
from harness.row import CannotRun


def wake_ups(pid):
    """Voluntary context switches of all threads so far."""
    total = 0
    for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
        total += int(status.read_text().split("voluntary_ctxt_switches:")[1].split()[0])
    return total


def pss_mb(pid):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(text.split("\nPss:")[1].split()[0]) * 1024 / 1e6


def idle_cost(pid, seconds):
    time.sleep(2)  # what follows the start is not idleness
    before = wake_ups(pid)
    time.sleep(seconds)
    return {"PSS MB": pss_mb(pid), "wake-ups/min": (wake_ups(pid) - before) * 60 / seconds}


@contextlib.contextmanager
def waiting_peer(script, *arguments):
    """A peer that prints a line when it is ready, and ends with its standard input."""
    if script.endswith(".py"):
        command, where = [PYTHON, str(PEERS / script)], None
    else:
        if not (OUT / "npm" / "node_modules").exists():
            raise CannotRun("the packages from npm are not installed")
        shutil.copy(PEERS / script, OUT / "npm" / script)
        command, where = [shutil.which("node") or "/usr/bin/node", str(OUT / "npm" / script)], OUT / "npm"
    process = subprocess.Popen(
        [*command, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=where
    )
    try:
        line = process.stdout.readline()
        if not line:
            raise CannotRun("ended at its start: " + (process.stderr.read().strip().splitlines() or ["nothing said"])[-1])
        yield process, line
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
