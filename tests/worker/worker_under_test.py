"""A rota-worker with the test as its supervisor: the pipe protocol on real pipes. With FORKED in the environment it is
forked by a fork server, else executed."""

import ctypes
import json
import os
import signal
import socket
import struct
import subprocess

WORKER = os.path.join(os.environ["ROTA_BIN"], "rota-worker")
FORKED = "FORKED" in os.environ
SET_CHILD_SUBREAPER = 36  # prctl(2)
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


class ForkServer:
    """A fork server with this process as its supervisor."""

    def __init__(self, before, environment):
        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

        def put_descriptors():
            os.dup2(os.dup2(theirs.fileno(), 100), 3)
            os.dup2(0, 4)
            os.closerange(5, 200)

        self.process = subprocess.Popen(
            [*before, WORKER, "--fork-server", " " * 512], preexec_fn=put_descriptors, close_fds=False,
            stdin=subprocess.DEVNULL, env={"ROTA_RUN_ID": " " * 20, "ROTA_JOB": " " * 64, **environment})
        theirs.close()

    def ask(self, job, module, *descriptors):
        """The process id of a worker, or the negative error number."""
        socket.send_fds(self.socket, ["\0".join(("7", job, module)).encode()], descriptors)
        pid, error = struct.unpack("ii", self.socket.recv(100))
        return -error if error else pid

    def end(self):
        self.socket.close()
        return self.process.wait(timeout=60)


class ForkedProcess:
    """A worker of a fork server, with the members of subprocess.Popen that are used of one that was executed."""

    def __init__(self, before, arguments, to_worker, from_worker, environment):
        server = ForkServer(before, environment)
        output, to_output = os.pipe()
        module = arguments[1] if arguments[0] == "--module" else ""
        self.pid = server.ask(arguments[-1], module, to_output, to_worker, from_worker)
        assert server.end() == 0
        os.close(to_output)
        self.stdout = os.fdopen(output, "rb")
        self._status = None

    def send_signal(self, number):
        if self._status is None:
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout):
        del timeout  # the test has one
        if self._status is None:
            self._status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._status


class Supervised:
    """A worker with this process as its supervisor."""

    def __init__(self, *arguments, supervisor=None, environment=None, before=()):
        to_worker, self._to_worker = os.pipe()
        self._from_worker, from_worker = os.pipe()

        variables = {**(os.environ if environment is None else environment),
                     "ROTA_SUPERVISOR_PID": str(supervisor or os.getpid())}

        def put_descriptors():
            os.dup2(to_worker, 100)
            os.dup2(from_worker, 101)
            os.dup2(100, 3)
            os.dup2(101, 4)
            os.closerange(5, 200)

        if FORKED:
            self.process = ForkedProcess(before, arguments, to_worker, from_worker, variables)
        else:
            self.process = subprocess.Popen(
                [*before, WORKER, "--supervised", *arguments], preexec_fn=put_descriptors, close_fds=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, env=variables)
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
