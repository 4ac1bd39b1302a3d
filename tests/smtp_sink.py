"""A real SMTP server on loopback that keeps each mail it takes as a file, for tests.

SmtpSink(directory) as a context manager; `port` is where it listens. By hand it
prints the port and runs until it is ended: python3 smtp_sink.py DIRECTORY [PORT].
"""

import email
import email.policy
import pathlib
import signal
import ssl
import sys
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


class _Handler:
    def __init__(self, sink):
        self.sink = sink

    async def handle_DATA(self, server, session, envelope):
        if self.sink.refuse:
            return self.sink.refuse
        self.sink.keep(envelope)
        if self.sink.before_answer:
            self.sink.before_answer()
        return "250 taken"


class _Controller(Controller):
    def __init__(self, handler, options, **rest):
        self.options = options
        super().__init__(handler, **rest)

    def factory(self):
        return SMTP(self.handler, **self.options)


class SmtpSink:
    """`refuse` is the answer to every mail while it is set, such as "451 later"; `before_answer` is called
    when a mail has been kept and nobody told so.
    `certificate` and `key` are PEM files: then STARTTLS is offered and required, or with
    `implicit_tls` the connection begins with TLS. `credentials` is (name, password)."""

    def __init__(self, directory, port=0, host="127.0.0.1", certificate=None, key=None, implicit_tls=False,
                 credentials=None):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.refuse = None
        self.before_answer = None
        self.recipients = []
        self._stopped = False
        self._count = len(list(self.directory.glob("*.eml")))
        self._lock = threading.Lock()
        options = {}
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            if not implicit_tls:
                options.update(tls_context=context, require_starttls=True)
        if credentials:
            expected = tuple(part.encode() for part in credentials)

            def check(server, session, envelope, mechanism, data):
                return AuthResult(success=(data.login, data.password) == expected)

            options.update(authenticator=check, auth_required=True, auth_require_tls=bool(certificate) and not implicit_tls)
        self._controller = _Controller(_Handler(self), options, hostname=host, port=port,
                                       ssl_context=context if implicit_tls else None, ready_timeout=30)
        # The controller knocks at its own port to see that it listens, which needs a number.
        self._controller.port = port or _free_port(host)
        self._controller.start()
        self.port = self._controller.port

    def keep(self, envelope):
        with self._lock:
            self._count += 1
            final = self.directory / f"{self._count:04}.eml"
            self.recipients.append(list(envelope.rcpt_tos))
            temporary = final.with_suffix(".part")
            temporary.write_bytes(envelope.original_content)
            temporary.rename(final)

    def mails(self):
        """All mails so far, parsed, in the order in which they came."""
        return [
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            for file in sorted(self.directory.glob("*.eml"))
        ]

    def stop(self):
        if not self._stopped:
            self._stopped = True
            self._controller.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def _free_port(host):
    import socket

    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    with SmtpSink(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0) as sink:
        print(sink.port, flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
