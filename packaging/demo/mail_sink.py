"""The demo's mail server: takes mails on loopback, shows each on the terminal and keeps it as a file."""

import email
import email.policy
import socket

from aiosmtpd.controller import Controller


class MailSink:
    """`refuse(subject)` tells which mails are answered with a temporary error. Mails are kept
    once `directory` is set."""

    def __init__(self, refuse):
        self.directory = None
        self.refuse = refuse
        self.count = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        if self.refuse(message["Subject"]):
            return "451 the demo refuses this mail for a while"
        self.count += 1
        (self.directory / f"{self.count:05}.eml").write_bytes(envelope.original_content)
        print(f"mail to {', '.join(envelope.rcpt_tos)}: {message['Subject']}", flush=True)
        return "250 taken"

    def stop(self):
        self._controller.stop()
