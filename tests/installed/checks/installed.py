"""What the checks ask of the machine they run on: packages, units, runs and processes."""

import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import time

PAYLOAD = pathlib.Path(__file__).resolve().parent.parent
DATABASE = pathlib.Path("/var/lib/rota/rota.db")
SETTINGS = pathlib.Path("/etc/rota/rota.toml")
JOBS = pathlib.Path("/etc/rota/jobs.d")
DROP_INS = pathlib.Path("/run/systemd/system/rotad.service.d")
URL = "http://127.0.0.1:8642"
UNITS = ["rotad.socket", "rotad-control.socket", "rotad.service"]
FINAL = {"succeeded", "failed", "timed_out", "cancelled", "crashed", "lost", "skipped", "missed"}


def run(*command, user=None, **options):
    """The finished process. Its output is in the message if it fails."""
    if user:
        command = ("runuser", "-u", user, "--", *command)
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, **options)
    done.all = done.stdout + done.stderr
    return done


def succeed(*command, **options):
    done = run(*command, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))}: exit status {done.returncode}: {done.all[-1500:]}"
    return done.stdout


def wait_until(condition, what, seconds=120):
    """The first true value of condition(); fails with `what` when none comes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


def has_package_files():
    """Not in an autopkgtest, whose packages are installed before it begins."""
    return (PAYLOAD / "packages").is_dir()


def packages(*names, directory="packages"):
    return [next((PAYLOAD / directory).glob(f"{name}_*.deb")) for name in names]


def install(files):
    return succeed("apt-get", "--quiet", "--yes", "install", *files)


def is_installed():
    return run("dpkg-query", "-W", "-f", "${db:Status-Status}", "rota").stdout == "installed"


def reset():
    """As if just installed, but for what only purge() undoes: other versions, packages and settings."""
    stop_all()
    for directory in (JOBS, DATABASE.parent, "/var/log/rota", "/usr/lib/rota/jobs"):
        for entry in pathlib.Path(directory).iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    if DROP_INS.exists():
        shutil.rmtree(DROP_INS)
        succeed("systemctl", "daemon-reload")
    succeed("systemctl", "reset-failed")
    succeed("systemctl", "start", *UNITS)


def purge():
    """Leaves nothing of the packages, nor of what checks have put beside them."""
    listed = run("dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", "rota", "rota-dev", "rota-examples")
    names = [line.split()[0] for line in listed.stdout.splitlines() if not line.endswith(" not-installed")]
    if names:
        succeed("dpkg", "--purge", *names)
    for directory in ("/etc/rota", "/var/lib/rota", "/var/log/rota", "/usr/lib/rota"):
        shutil.rmtree(directory, ignore_errors=True)


def version_of(file):
    return succeed("dpkg-deb", "-f", file, "Version").strip()


def is_active(unit="rotad.service"):
    return run("systemctl", "is-active", unit).stdout.strip() == "active"


def show(name, unit="rotad.service"):
    return succeed("systemctl", "show", "--property", name, "--value", unit).strip()


def main_pid():
    return int(show("MainPID"))


def stop_all():
    """The service alone would be started again by the next request to one of its sockets."""
    succeed("systemctl", "stop", *UNITS)


def drop_in(text):
    """Changes the unit until the next check, and restarts it."""
    DROP_INS.mkdir(parents=True, exist_ok=True)
    (DROP_INS / "check.conf").write_text(text)
    succeed("systemctl", "daemon-reload")
    succeed("systemctl", "restart", "rotad.service")


def add_jobs(text, name="check"):
    (JOBS / f"{name}.toml").write_text(text)
    succeed("rota", "reload")


def ask(*command):
    return json.loads(succeed("rota", *command, "--json"))


def trigger(job):
    return ask("run", job)["run_id"]


def run_row(run_id):
    return next((row for row in ask("runs", "--limit", "1000")["runs"] if row["id"] == run_id), None)


def started(run_id):
    wait_until(lambda: run_row(run_id)["state"] == "running", f"run {run_id} to be running")
    return run_id


def finished(run_id):
    def final():
        row = run_row(run_id)
        return row if row and row["state"] in FINAL else None

    return wait_until(final, f"the end of run {run_id}")


def rows(job):
    """The runs of a job, oldest first, as they are on disk; also while nobody runs."""
    with contextlib.closing(sqlite3.connect(DATABASE, timeout=30)) as connection:
        connection.row_factory = sqlite3.Row
        query = "SELECT * FROM scheduled_job_runs WHERE job_name = ? ORDER BY id"
        return [dict(row) for row in connection.execute(query, (job,))]


def processes_with(text):
    """The processes that live and have `text` in their command line."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                if text.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


def controllers():
    """The controllers of cgroup version 2 that this machine has."""
    return pathlib.Path("/sys/fs/cgroup/cgroup.controllers").read_text().split()


def http_status(path, token=None, method="POST"):
    header = ["--header", f"Authorization: Bearer {token}"] if token else []
    return succeed("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-X", method, *header, URL + path)


def a_token(scope="run"):
    return succeed("rota", "token", "--sub", "check", "--scope", scope).strip()
