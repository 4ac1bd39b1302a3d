"""A rota-worker with the test as its supervisor: the pipe protocol on real pipes."""

import json
import os
import subprocess

WORKER = os.path.join(os.environ["ROTA_BIN"], "rota-worker")
LIMITS = ["memory_bytes", "cpu_time_s", "open_files", "processes", "file_size_bytes"]
COMMAND = {"directory": "/", "environment": {}, "pass_environment": [], "user": "", "group": "", "umask": None, "nice": None,
           "io_class": "inherited", "success_exit_codes": [0], "standard_input": ""}


def limits_of(**limits):
    """The member `limits` of a start message or a command."""
    return {**dict.fromkeys(LIMITS), **limits}


def command(*arguments, limits=None, **values):
    """The member `command` of a start message."""
    return {**COMMAND, "arguments": list(arguments), **values, "limits": limits_of(**(limits or {}))}


def shell(text, **values):
    return command("/bin/sh", "-c", text, **values)


class Supervised:
    """A worker with this process as its supervisor."""

    def __init__(self, *arguments, supervisor=None, environment=None, before=()):
        to_worker, self._to_worker = os.pipe()
        self._from_worker, from_worker = os.pipe()

        def put_descriptors():
            os.dup2(to_worker, 100)
            os.dup2(from_worker, 101)
            os.dup2(100, 3)
            os.dup2(101, 4)
            os.closerange(5, 200)

        self.process = subprocess.Popen(
            [*before, WORKER, "--supervised", *arguments], preexec_fn=put_descriptors, close_fds=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
            env={**(os.environ if environment is None else environment),
                 "ROTA_SUPERVISOR_PID": str(supervisor or os.getpid())})
        os.close(to_worker)
        os.close(from_worker)
        self.lines = os.fdopen(self._from_worker, "r", encoding="utf-8")

    def send_bytes(self, data):
        os.write(self._to_worker, data)

    def send(self, **message):
        self.send_bytes((json.dumps(message) + "\n").encode())

    def start(self, **values):
        self.send(**{"type": "start", "version": 1, "run_id": 7, "job": "x", "attempt": 1, "trigger": "manual",
                     "scheduled_for_ms": None, "deadline_ms": 4102444800000, "parameters": {}, "last_entry": "", **values})
        return self

    def next(self):
        line = self.lines.readline()
        return json.loads(line) if line else None

    def messages(self):
        return [json.loads(line) for line in self.lines]

    def output(self):
        return self.process.stdout.read().decode()

    def close_commands(self):
        os.close(self._to_worker)

    def end(self):
        return self.process.wait(timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(timeout=60)
        self.process.stdout.close()
        self.lines.close()


class Ended:
    """What a command has left: its messages after the hello, its output, its exit status."""

    def __init__(self, wanted, environment=None, **start):
        with Supervised("x", environment=environment) as worker:
            worker.start(command=wanted, **start)
            hello = worker.next()
            assert (hello["type"], hello["pid"]) == ("hello", worker.process.pid)
            self.messages = worker.messages()
            self.output = worker.output()
            self.status = worker.end()
