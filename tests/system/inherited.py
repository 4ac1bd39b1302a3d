"""What a service manager does for rotad before it starts: descriptors in their places, short paths."""

import json
import pathlib
import sys
import tempfile

import pytest

# Puts descriptors in their places, names them as systemd does, and becomes the command.
LAUNCHER = """
import fcntl, json, os, sys
places, names = json.loads(sys.argv[1])
moved = {int(place): fcntl.fcntl(number, fcntl.F_DUPFD, 20) for place, number in places.items()}
for place, number in moved.items():
    os.dup2(number, place)
if names:
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(names)), LISTEN_FDNAMES=":".join(names))
os.execv(sys.argv[2], sys.argv[2:])
"""


def start_with(daemon, places, names=()):
    launcher = [sys.executable, "-c", LAUNCHER, json.dumps([places, list(names)])]
    return daemon.start(launcher, inherited=list(places.values()))


@pytest.fixture
def short_directory():
    """The name of a Unix socket holds 107 bytes, and pytest's directories have long ones."""
    with tempfile.TemporaryDirectory(prefix="rota-") as name:
        yield pathlib.Path(name)
