"""A cgroup of version 2 that a test may do with as it likes, as systemd would delegate one."""

import contextlib
import os
import pathlib

import pytest


def _mounted():
    """Where the cgroup of this process is mounted; None if it is not."""
    own = next((line[3:].strip() for line in open("/proc/self/cgroup", encoding="utf-8") if line.startswith("0::")), None)
    for line in open("/proc/self/mountinfo", encoding="utf-8"):
        fields, _, source = line.partition(" - ")
        root, place = fields.split()[3:5]
        if own and source.startswith("cgroup2 ") and own.startswith(root.rstrip("/")):
            return pathlib.Path(place + own[len(root.rstrip("/")):])
    return None


@contextlib.contextmanager
def fresh_cgroup():
    """Its directory, with the controllers that there are; skips where none can be made."""
    parent = _mounted()
    if parent is None:
        pytest.skip("no cgroup of version 2 is mounted")
    directory = parent / f"rota-test-{os.getpid()}"
    try:
        directory.mkdir()
    except OSError as error:
        pytest.skip(f"no cgroup can be made in {parent}: {error.strerror}")
    try:
        for controller in (parent / "cgroup.controllers").read_text().split():
            with contextlib.suppress(OSError):  # other processes are in it
                (parent / "cgroup.subtree_control").write_text("+" + controller)
        yield directory
    finally:
        (directory / "cgroup.kill").write_text("1")
        for path, _, _ in os.walk(directory, topdown=False):
            while True:
                with contextlib.suppress(OSError):
                    os.rmdir(path)
                    break


def runs_in(directory):
    """The cgroups of runs in it."""
    return sorted(path.name for path in directory.glob("run-*"))


def controllers_of(directory):
    return (directory / "cgroup.controllers").read_text().split()
