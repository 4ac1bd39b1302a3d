"""The real HTTP servers in front of a supervisor in memory, and a client for both kinds of sockets."""

import contextlib
import http.client
import io
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile

from system.daemon_under_test import SECRET, token

PROGRAM = pathlib.Path(os.environ["ROTA_BIN"]) / "http_server_for_tests"


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()
        self.text = self.body.decode(errors="replace")

    def json(self):
        return json.loads(self.body)


class LocalConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


def ask(connection, method, path, body=None, headers=None):
    headers = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    if body is not None:
        headers.setdefault("Content-Type", "application/json")
    connection.request(method, path, body=body, headers=headers)
    return Answer(connection.getresponse())


def ask_local(path, method, target, body=None, headers=None):
    """One request over a new connection to the control socket at `path`."""
    connection = LocalConnection(path)
    try:
        return ask(connection, method, target, body, headers)
    finally:
        connection.close()


def assert_problem(answer, status, text=""):
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status and problem["title"] and problem["type"]
    assert text in problem["detail"], problem["detail"]


def bearer(scope):
    return {"Authorization": "Bearer " + token(scope)}


def answers_in(received):
    """The answers one after another in bytes of a connection: status and problem, or None where the body is none."""
    answers, stream = [], io.BytesIO(received)
    while line := stream.readline():
        assert line.startswith(b"HTTP/1."), received
        status, headers = int(line.split()[1]), http.client.parse_headers(stream)
        body = stream.read(int(headers.get("Content-Length", 0)))
        is_problem = headers.get("Content-Type") == "application/problem+json"
        answers.append((status, json.loads(body)["detail"] if is_problem else None))
    return answers


def receive_all(connection):
    """What comes until the other side closes or resets the connection."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := connection.recv(65536):
            received += chunk
    return received


class Servers:
    """Starts them in `directory`; `failure` is what they say if they cannot listen."""

    def __init__(self, directory, group="no-such-group", with_tokens=False, socket_path=None, limits="",
                 public_key=None):
        self.directory = pathlib.Path(directory)
        self.path = pathlib.Path(socket_path or self.directory / "rota.sock")
        arguments = [self.directory, self.path, group]
        if with_tokens:
            secret = self.directory / "secret"
            secret.write_text(SECRET)
            secret.chmod(0o600)
            arguments += [secret, "HS256"]
        if public_key:
            algorithm, file = public_key
            arguments += [file, algorithm]
        self.output = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=self.output, text=True,
                                        env={**os.environ, "HTTP_LIMITS": limits})
        line = self.process.stdout.readline()
        self.port = int(line) if line else None
        self.failure = None
        if not line:
            self.end()
            self.failure = self.log

    def ask(self, method, target, body=None, headers=None):
        return ask_local(self.path, method, target, body, headers)

    def ask_tcp(self, method, target, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            return ask(connection, method, target, body, headers)
        finally:
            connection.close()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def exchange(self, request, open_ended=False):
        """The answers to bytes as they are. `open_ended`: it is the server who must end the connection."""
        with self.connect() as connection:
            with contextlib.suppress(ConnectionError):  # the answer may come before all is sent
                connection.sendall(request)
                if not open_ended:
                    connection.shutdown(socket.SHUT_WR)
            return answers_in(receive_all(connection))

    def end(self, sent=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(sent)
        status = self.process.wait(timeout=60)
        self.output.seek(0)
        self.log = self.output.read()
        self.output.close()
        self.process.stdout.close()
        return status

    def __enter__(self):
        assert self.failure is None, self.failure
        return self

    def __exit__(self, *_):
        if self.process.returncode is None:
            self.end()
