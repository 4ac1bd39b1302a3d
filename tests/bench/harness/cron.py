"""Debian's cron with one table of its own: in a mount namespace, so that the machine's tables are neither read nor run."""

import contextlib
import pathlib
import subprocess
import time

from harness.row import CannotRun

CRON = pathlib.Path("/usr/sbin/cron")

# Empty memory file systems over what cron reads and over its process id.
PREPARE = """
set -e
mount -t tmpfs none /var/spool/cron/crontabs
mkdir -p /etc/cron.d
mount -t tmpfs none /etc/cron.d
mount -t tmpfs none /run
: >/tmp/empty.$$ && mount --bind /tmp/empty.$$ /etc/crontab && rm -f /tmp/empty.$$
cp "$1" /var/spool/cron/crontabs/root
chmod 600 /var/spool/cron/crontabs/root
exec /usr/sbin/cron -f
"""


@contextlib.contextmanager
def running_cron(directory, table):
    if not CRON.exists():
        raise CannotRun("cron is not installed")
    file = directory / "crontab"
    file.write_text(table)
    process = subprocess.Popen(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", PREPARE, "sh", str(file)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=1)
            raise CannotRun("cron ended at its start: " + process.stderr.read().strip())
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def cron_delays(bench, minutes):
    """By how many ms the runs of each minute were late; cron knows nothing shorter."""
    with bench.directory() as directory:
        file = directory / "touched"
        with running_cron(directory, f"* * * * * date +\\%s\\%N >>{file}\n"):
            time.sleep(minutes * 60 + 2)
        if not file.exists():
            raise CannotRun("cron ran nothing")
        return [int(line) % 60_000_000_000 / 1e6 for line in file.read_text().split()]
