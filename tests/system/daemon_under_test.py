"""The real rotad on free ports, with its own directory, for whole-system tests."""

import contextlib
import datetime
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import time

import jwt
import requests

BIN = pathlib.Path(os.environ["ROTA_BIN"])
LIB = pathlib.Path(os.environ["ROTA_LIB"])
SECRET = "an-example-secret-of-more-than-32-bytes"
FINAL = {"succeeded", "failed", "timed_out", "cancelled", "crashed", "lost", "skipped", "missed"}


def wait_until(condition, what, seconds=60):
    """Returns the first true value of condition(); fails with `what` when none comes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


def token(scope="run read", **changes):
    now = datetime.datetime.now(datetime.timezone.utc)
    claims = {"sub": "tester", "scope": scope, "aud": "rota", "iss": "rota", "exp": now + datetime.timedelta(hours=1)}
    claims.update(changes)
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, SECRET, algorithm="HS256")


class Daemon:
    """One rotad; `start` and `stop` it as often as a test likes, the directory stays."""

    def __init__(self, directory, jobs="", mail="", supervisor="", http="", environment=None, modules=None, worker=None):
        self.directory = pathlib.Path(directory)
        self.socket = self.directory / "rota.sock"
        self.database = self.directory / "rota.db"
        self.logs = self.directory / "log"
        self.port_file = self.directory / "port"
        self.output = self.directory / "rotad.log"
        self.environment = environment or {}
        self.process = None
        secret = self.directory / "secret"
        secret.write_text(SECRET)
        secret.chmod(0o600)
        self.configuration = self.directory / "rota.toml"
        self.modules = modules or f'module_directories = ["{LIB}/test-modules"]'
        self.worker = worker or BIN / "rota-worker"
        self.configure(jobs, mail, supervisor, http)

    def configure(self, jobs="", mail="", supervisor="", http=""):
        """Writes the configuration file anew; a running daemon knows nothing of it before `reload`."""
        self.configuration.write_text(
            f"""
[supervisor]
zone = "UTC"
database = "rota.db"
log_directory = "log"
{self.modules}
worker = "{self.worker}"
control_socket = "rota.sock"
{supervisor}
[http]
listen = "127.0.0.1:0"
port_file = "port"
{http}
[http.jwt]
algorithm = "HS256"
secret_file = "secret"
{mail}
{jobs}
"""
        )

    def start(self, launcher=(), inherited=()):
        self.launch(launcher, inherited)
        try:
            self.port = int(wait_until(self._port, "rotad's port"))
        except BaseException:
            self.kill()
            raise
        return self

    def launch(self, launcher=(), inherited=()):
        """Starts it and waits for nothing. `launcher`: the command that becomes rotad; `inherited`: descriptors that it gets."""
        self.port_file.unlink(missing_ok=True)
        with open(self.output, "ab") as log:
            self.process = subprocess.Popen(
                [*launcher, BIN / "rotad", "--config", self.configuration],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
                pass_fds=inherited,
            )

    def _port(self):
        assert self.process.poll() is None, f"rotad ended at its start:\n{self.output.read_text()}"
        with contextlib.suppress(FileNotFoundError):
            return self.port_file.read_text().strip()

    def stop(self, sent=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(sent)
            self.process.wait(timeout=60)
        return self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=60)

    def __enter__(self):
        return self if self.process else self.start()

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.stop()

    def request(self, method, path, scope="run read", **options):
        headers = options.pop("headers", {"Authorization": "Bearer " + token(scope)})
        return requests.request(method, f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=30, **options)

    def trigger(self, job, **parameters):
        answer = self.request("POST", f"/scheduler/run/{job}", json={"parameters": parameters})
        assert answer.status_code == 202, answer.text
        return answer.json()["run_id"]

    def trigger_and_finish(self, job, **parameters):
        return self.finished(self.trigger(job, **parameters))

    def run(self, run_id):
        return self.request("GET", f"/scheduler/runs/{run_id}").json()

    def finished(self, run_id, seconds=60):
        def final():
            row = self.run(run_id)
            return row if row["state"] in FINAL else None

        return wait_until(final, f"the end of run {run_id}", seconds)

    def started(self, run_id):
        return wait_until(lambda: self.run(run_id)["state"] == "running", f"the start of run {run_id}")

    def reload(self):
        return self.request("POST", "/scheduler/reload", scope="admin")

    def pause(self, **scope):
        answer = self.request("POST", "/scheduler/pause", scope="admin", json=scope)
        assert answer.status_code == 200, answer.text

    def resume(self, **scope):
        answer = self.request("POST", "/scheduler/resume", scope="admin", json=scope)
        assert answer.status_code == 200, answer.text

    def cancel(self, run_id):
        return self.request("POST", f"/scheduler/runs/{run_id}/cancel").status_code

    def job(self, name):
        return self.request("GET", f"/scheduler/jobs/{name}").json()

    def log(self, run_id):
        return self.request("GET", f"/scheduler/runs/{run_id}/log").text

    def rows(self, where="1", arguments=()):
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            found = connection.execute(f"SELECT * FROM scheduled_job_runs WHERE {where} ORDER BY id", arguments)
            return [dict(row) for row in found]


def processes_with(text):
    """Process ids whose environment or command line holds `text`."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            if text.encode() in (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes():
                found.append(int(entry.name))
    return found


def children_of(pid):
    """Process ids of what the main thread of a process has started or was given to reap."""
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_fork_server(pid):
    with contextlib.suppress(OSError):
        return b"--fork-server" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def fork_server_of(pid):
    """Waits until a supervisor has one: it is started with the first worker, whose run has its row by then."""
    return wait_until(lambda: next(filter(is_fork_server, children_of(pid)), None), "the fork server")


def workers_of(pid):
    """The children of a supervisor but for its fork server."""
    return [child for child in children_of(pid) if not is_fork_server(child)]


def alive(pid):
    with contextlib.suppress(OSError):
        return "\nState:\tZ" not in pathlib.Path(f"/proc/{pid}/status").read_text()
    return False


def in_seconds(seconds):
    """A cron-free daily schedule that is due once, about `seconds` from now (UTC)."""
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return f"every day at {at:%H:%M:%S} in UTC"


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(inner) for inner in value) + "]"
    return json.dumps(value)


def job_table(name, **settings):
    if "parameters" in settings:
        settings["parameters"] = {key: str(value) for key, value in settings["parameters"].items()}
    lines = [f"[jobs.{name}]"] + [f"{key} = {toml(value)}" for key, value in settings.items()]
    return "\n".join(lines) + "\n"
