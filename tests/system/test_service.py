"""rotad as a service manager hears of it: notifications, the watchdog, the journal.

No systemd runs here; the tests speak its protocols: sd_notify(3), systemd.journal-fields(7)."""

import contextlib
import fcntl
import os
import re
import signal
import socket
import struct
import subprocess
import threading
import time

import pytest

from system.daemon_under_test import Daemon, job_table
from system.inherited import short_directory, start_with  # noqa: F401, a fixture


class Notifications:
    """The socket at which a service manager listens."""

    def __init__(self, directory):
        self.path = directory / "notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.path))
        self.environment = {"NOTIFY_SOCKET": str(self.path)}

    def next(self, seconds=60):
        """The assignments of the next message; None if there is none in time."""
        self.socket.settimeout(seconds)
        try:
            text = self.socket.recv(65536).decode()
        except (socket.timeout, BlockingIOError):
            return None
        return dict(line.split("=", 1) for line in text.splitlines())

    def until(self, key, wanted=None):
        """The next message that says `key`, and of which `wanted`, if there is one, is part."""
        while message := self.next():
            if key in message and (wanted is None or wanted in message[key]):
                return message
        raise AssertionError(f"no message with {key} {wanted or ''}")

    def waiting(self):
        found = []
        while message := self.next(seconds=0):
            found.append(message)
        return found


@pytest.fixture
def notifications(short_directory):
    found = Notifications(short_directory)
    yield found
    found.socket.close()


def test_the_service_manager_hears_of_the_start_a_reload_and_the_stop(tmp_path, notifications):
    jobs = job_table("t_ok", schedule="every day at 02:20")
    with Daemon(tmp_path, jobs, environment=notifications.environment) as daemon:
        ready = notifications.until("READY")
        assert ready["READY"] == "1" and ready["STATUS"].startswith("0 running, 0 waiting, next t_ok ")
        daemon.configure(job_table("p_ok", schedule="every day at 03:30"))
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        daemon.process.send_signal(signal.SIGHUP)
        reloading = notifications.until("RELOADING")
        assert reloading["RELOADING"] == "1"
        assert before <= int(reloading["MONOTONIC_USEC"]) <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        assert "next p_ok " in notifications.until("READY")["STATUS"]
        daemon.configure(job_table("p_ok", schedul="every day"))
        assert daemon.reload().status_code == 422
        notifications.until("RELOADING")
        assert "next p_ok " in notifications.until("READY")["STATUS"]
        daemon.process.send_signal(signal.SIGTERM)
        stopping = notifications.until("STOPPING")
        assert stopping == {"STOPPING": "1", "STATUS": "stopping, 0 running"}


def test_the_status_line_follows_runs_and_pauses(tmp_path, notifications):
    with Daemon(tmp_path, supervisor="processes = 1", environment=notifications.environment) as daemon:
        assert notifications.until("READY")["STATUS"] == "0 running, 0 waiting, nothing scheduled"
        first, second = daemon.trigger("p_sleeps"), daemon.trigger("p_ok")
        notifications.until("STATUS", "1 running, 1 waiting")
        daemon.cancel(first)
        daemon.finished(second)
        notifications.until("STATUS", "0 running, 0 waiting")
        daemon.pause(all=True)
        notifications.until("STATUS", "all jobs paused")


def test_many_changes_make_one_line_a_second_at_most(tmp_path, notifications):
    with Daemon(tmp_path, job_table("t_ok", overlap={"rule": "queue", "limit": 1000}),
                environment=notifications.environment) as daemon:
        notifications.until("READY")
        begun = time.monotonic()
        runs = [daemon.trigger("t_ok") for _ in range(100)]
        for run in runs:
            daemon.finished(run)
        lines = len(notifications.waiting())
        assert lines <= time.monotonic() - begun + 1
        assert len(runs) > 2 * lines


def test_the_watchdog_is_fed_while_the_loop_turns_and_not_while_it_hangs(tmp_path, notifications):
    read, write = os.pipe()
    fcntl.fcntl(read, fcntl.F_SETPIPE_SZ, 4096)
    environment = {**notifications.environment, "WATCHDOG_USEC": "200000"}
    daemon = Daemon(tmp_path, environment=environment)
    with start_with(daemon, {"2": write}):
        for _ in range(3):
            assert notifications.until("WATCHDOG")["WATCHDOG"] == "1"
        # The log is full, and nobody reads it: the next line that the loop writes makes it hang.
        filler = os.open(f"/proc/self/fd/{write}", os.O_WRONLY | os.O_NONBLOCK)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(filler, b"\n" * 64)
        daemon.process.send_signal(signal.SIGHUP)
        notifications.until("RELOADING")
        assert notifications.next(seconds=2) is None
        assert daemon.process.poll() is None
        reader = threading.Thread(target=drain, args=(read,), daemon=True)
        reader.start()
        notifications.until("READY")
        notifications.until("WATCHDOG")
        os.close(filler)
        os.close(write)
        assert daemon.stop() == 0
        reader.join(timeout=60)
    # What follows the loop is not fed for, so it is given its own time.
    assert int(notifications.until("WATCHDOG_USEC")["WATCHDOG_USEC"]) > 200_000


def drain(descriptor):
    while os.read(descriptor, 65536):
        pass
    os.close(descriptor)


def test_without_a_watchdog_none_is_fed(tmp_path, notifications):
    with Daemon(tmp_path, environment=notifications.environment) as daemon:
        daemon.finished(daemon.trigger("t_ok"))
        assert daemon.stop() == 0
    assert not [message for message in notifications.waiting() if "WATCHDOG" in message]


# The journal

def journal_entry(message):
    """The fields of one message of the native protocol."""
    fields = {}
    while message:
        line, message = message.split(b"\n", 1)
        if b"=" in line:
            name, value = line.split(b"=", 1)
        else:
            name, size = line, struct.unpack("<Q", message[:8])[0]
            value, message = message[8 : 8 + size], message[9 + size :]
        fields[name.decode()] = value.decode()
    return fields


def connected_to_the_journal(daemon):
    """Standard error is the daemon's output file, and it is told that this is the journal."""
    daemon.output.touch()
    status = daemon.output.stat()
    daemon.environment["JOURNAL_STREAM"] = f"{status.st_dev}:{status.st_ino}"


def test_on_the_journal_every_line_about_a_run_has_its_job_and_id(tmp_path, short_directory):
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0:
        pytest.skip("needs a mount namespace, to put a socket in the place of the journal's")
    place = short_directory / "systemd" / "journal"
    place.mkdir(parents=True)
    journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    journal.bind(str(place / "socket"))
    journal.settimeout(60)
    daemon = Daemon(tmp_path)
    connected_to_the_journal(daemon)
    launcher = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /run && exec "$@"', short_directory]
    with contextlib.closing(journal), daemon.start(launcher):
        failing, succeeding = daemon.trigger("p_fails"), daemon.trigger("t_ok")
        entries = []
        while sum("after" in entry["MESSAGE"] and "ROTA_JOB" in entry for entry in entries) < 2:
            entries.append(journal_entry(journal.recv(1 << 20)))
        assert daemon.output.read_text() == ""
        about = {run: [entry for entry in entries if entry.get("ROTA_RUN_ID") == str(run)] for run in (failing, succeeding)}
        assert [(entry["ROTA_JOB"], entry["PRIORITY"]) for entry in about[failing]] == [("p_fails", "6"), ("p_fails", "3")]
        assert [(entry["ROTA_JOB"], entry["PRIORITY"]) for entry in about[succeeding]] == [("t_ok", "6"), ("t_ok", "6")]
        assert about[failing][1]["MESSAGE"].startswith(f"p_fails run {failing} failed after ")
        started = next(entry for entry in entries if entry["MESSAGE"].startswith("started with "))
        assert started["PRIORITY"] == "6" and started["SYSLOG_IDENTIFIER"] == "rotad" and "ROTA_JOB" not in started
        assert not [entry for entry in entries if re.search(r" run \d+ ", entry["MESSAGE"]) and "ROTA_RUN_ID" not in entry]


def test_what_is_not_the_journal_gets_text_with_the_time(tmp_path):
    daemon = Daemon(tmp_path, environment={"JOURNAL_STREAM": "1:1"})
    with daemon.start():
        daemon.finished(daemon.trigger("t_ok"))
    assert " info t_ok run 1 starts (manual)\n" in daemon.output.read_text()
