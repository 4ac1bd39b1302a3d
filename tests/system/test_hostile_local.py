"""Who has an account on the machine, or writes a job: links in the log directory, names that are paths, what a
worker gets, and what others may read. Files of the configuration: test_secrets.py; the socket: test_control_socket.py."""

import os
import pathlib
import re
import stat
import subprocess

import pytest

from smtp_sink import SmtpSink
from system.daemon_under_test import BIN, SECRET, Daemon, job_table, wait_until, workers_of
from system.inherited import start_with

FORBIDDEN = "what-only-the-supervisor-may-read"
NAMES = ["../escaped", "..", ".", "/tmp/escaped", "a/b", "a\\b", "a\\u0000b", "a\\nb", " a", "-a", ".hidden", "", "~root", "é", "x" * 65]


@pytest.mark.parametrize("job", ["p_ok", "t_ok", "command"])
def test_a_link_in_the_place_of_the_logs_of_a_job_leads_nowhere(tmp_path, job):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / job).symlink_to(elsewhere)
    with Daemon(tmp_path, "[history]\nlogs_per_job = 1\n" + job_table("command", shell="echo printed")) as daemon:
        run = daemon.trigger_and_finish(job)
        assert run["state"] == "succeeded" and daemon.trigger_and_finish(job)["state"] == "succeeded"
        assert not list(elsewhere.iterdir())
        # Nor is anything read or removed there.
        name = pathlib.Path(daemon.rows()[0]["log_path"]).name
        (elsewhere / name).write_text(FORBIDDEN)
        log = daemon.request("GET", f"/scheduler/runs/{run['id']}/log")
        assert log.status_code == 404 and FORBIDDEN not in log.text
        assert daemon.request("POST", "/scheduler/prune", scope="admin").json()["logs"] == 1
        daemon.stop()
        assert (elsewhere / name).read_text() == FORBIDDEN


def test_a_log_that_its_job_has_replaced_by_a_link_is_neither_shown_nor_mailed(tmp_path):
    secret = tmp_path / "forbidden"
    secret.write_text(FORBIDDEN + "\n")
    logs = f"{tmp_path}/log/sly/*.log"
    replace = f"echo begun; until ls {logs}; do :; done; for log in {logs}; do ln -sf {secret} $log; done; exit 1"
    with SmtpSink(tmp_path / "inbox") as sink:
        mail = (f'[mail]\nhost = "127.0.0.1"\nport = {sink.port}\nsecurity = "none"\nfrom = "rota@example.org"\n'
                'to = ["team@example.org"]\n')
        with Daemon(tmp_path, job_table("sly", shell=replace), mail=mail) as daemon:
            run = daemon.trigger_and_finish("sly")
            log = daemon.request("GET", f"/scheduler/runs/{run['id']}/log")
            assert log.status_code == 404 and FORBIDDEN not in log.text
            [told] = wait_until(sink.mails, "the failure mail")
            assert "sly" in told["Subject"] and FORBIDDEN not in told.as_string()


@pytest.mark.parametrize("name", NAMES)
def test_a_job_file_cannot_name_a_job_by_a_path(tmp_path, name):
    daemon = Daemon(tmp_path, f'[jobs."{name}"]\nshell = "true"\n')
    before = set(tmp_path.rglob("*"))
    refused = subprocess.run([BIN / "rotad", "--config", daemon.configuration], capture_output=True, text=True, timeout=60)
    assert refused.returncode == 2 and "rota.toml:" in refused.stderr
    assert {path for path in tmp_path.rglob("*") if path.suffix != ".lock"} == before


def test_a_link_in_the_place_of_the_port_file_leads_nowhere(tmp_path):
    precious = tmp_path / "precious"
    precious.write_text(FORBIDDEN)
    for name in ("port", "port.new"):
        (tmp_path / name).symlink_to(precious)
    with Daemon(tmp_path) as daemon:
        assert daemon.port_file.read_text() == f"{daemon.port}\n" and not daemon.port_file.is_symlink()
    assert precious.read_text() == FORBIDDEN


def test_the_command_line_cannot_be_led_to_another_path_by_a_name(tmp_path):
    with Daemon(tmp_path) as daemon:
        for name in ("../pause", "..", "t_ok/../../pause", "t_ok?x", "t_ok%2f..", "t_ok#x", "a b", "a\nb", "../../healthz"):
            for command in ("run", "job", "pause"):
                refused = subprocess.run([BIN / "rota", command, "--config", daemon.configuration, name], text=True,
                                         capture_output=True, timeout=60)
                assert refused.returncode != 0 and refused.stdout == "", (command, name)
        assert daemon.rows() == []
        assert daemon.request("GET", "/scheduler/status").json()["pauses"] == []


def running_worker(daemon, job):
    """The process of a run once it is in the job itself and opens and closes nothing any more."""
    run = daemon.trigger(job)
    wait_until(lambda: re.search("asleep|sleeping", daemon.log(run)), "the job")
    started = b"--supervised" if job == "p_sleeps" else b"/usr/bin/python3"
    [pid] = [pid for pid in workers_of(daemon.process.pid) if started in cmdline(pid)]
    return pid


def cmdline(pid):
    return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()


SLEEPER = "import time; print('asleep', flush=True); time.sleep(1000)"
KNOWN = {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TZDIR", "PWD"}


@pytest.mark.parametrize("job", ["p_sleeps", "sleeper"])
def test_a_worker_gets_nothing_of_the_supervisor_but_what_is_promised(tmp_path, job):
    """A run of a module and one of a command, each while it runs: environment, descriptors, arguments."""
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    environment = {"DAEMON_ONLY": FORBIDDEN, "CREDENTIALS_DIRECTORY": str(credentials), "NOTIFY_SOCKET": f"{tmp_path}/notify",
                   "WATCHDOG_USEC": "30000000", "LD_PRELOAD_32": FORBIDDEN, "http_proxy": f"http://{FORBIDDEN}@example.org",
                   "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
    opened = os.open(tmp_path / "rota.toml", os.O_RDONLY | os.O_CREAT)
    daemon = Daemon(tmp_path, job_table("sleeper", command=["/usr/bin/python3", "-c", SLEEPER]), environment=environment)
    try:
        with start_with(daemon, {17: opened}):
            pid = running_worker(daemon, job)
            names = [entry.split(b"=")[0].decode() for entry in
                     pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") if entry]
            assert {name for name in names if not name.startswith("ROTA_")} <= KNOWN
            assert not {name for name in names if name.startswith("ROTA_")} - {
                "ROTA_SUPERVISOR_PID", "ROTA_RUN_ID", "ROTA_RUN_TOKEN", "ROTA_JOB", "ROTA_ATTEMPT", "ROTA_TRIGGER",
                "ROTA_SCHEDULED_FOR", "ROTA_DEADLINE", "ROTA_EVENTS_FD", "ROTA_LAST_ENTRY", "ROTA_PARAMETERS"}
            links = {int(link.name): os.readlink(link) for link in pathlib.Path(f"/proc/{pid}/fd").iterdir()}
            outside = [name for name in links.values() if not name.startswith(("pipe:", "/dev/null", "anon_inode:"))]
            assert not outside, links
            assert SECRET.encode() not in cmdline(pid) and str(tmp_path / "secret").encode() not in cmdline(pid)
            memory = pathlib.Path(f"/proc/{pid}/maps").read_text()
            assert not [line for line in memory.splitlines() if "libsqlite" in line or "libjwt" in line]
            assert pathlib.Path(f"/proc/{daemon.process.pid}/fd/17").exists()
    finally:
        os.close(opened)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_what_rotad_writes_is_closed_to_others_whatever_the_umask(tmp_path):
    with Daemon(tmp_path) as daemon:
        daemon.stop()
        for file in (daemon.database, daemon.output, daemon.port_file):
            file.unlink(missing_ok=True)
        before = os.umask(0)
        try:
            daemon.start()
        finally:
            os.umask(before)
        run = daemon.trigger_and_finish("p_ok")
        log = daemon.logs / daemon.rows()[0]["log_path"]
        assert mode(log) == 0o640 and mode(log.parent) == 0o750 and mode(daemon.logs) == 0o750
        assert mode(daemon.socket) & stat.S_IRWXO == 0
        for file in tmp_path.glob("rota.db*"):
            assert mode(file) & stat.S_IRWXO == 0, file
        assert run["state"] == "succeeded"
        assert not [path for path in tmp_path.rglob("*") if mode(path) & stat.S_IWOTH and not path.is_symlink()
                    and path != daemon.output]
