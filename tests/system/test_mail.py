"""Failures reach people: through a real SMTP server, from the real daemon."""

import contextlib
import email
import email.policy
import pathlib
import socket
import threading

import pytest

from smtp_sink import SmtpSink
from system.daemon_under_test import Daemon, job_table, wait_until


def mail_table(port, **more):
    lines = ["[mail]", "enabled = true", 'host = "127.0.0.1"', f"port = {port}", 'security = "none"',
             'from = "rota@example.org"', 'to = ["one@example.org", "two@example.org"]', 'reply_to = "team@example.org"']
    return "\n".join(lines + [f'{key} = "{value}"' for key, value in more.items()]) + "\n"


def mails_in(directory):
    found = []
    for file in sorted(pathlib.Path(directory).glob("*.eml")):
        found.append(email.message_from_bytes(file.read_bytes(), policy=email.policy.default))
    return found


@pytest.fixture
def sink(tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with SmtpSink(inbox) as server:
        server.inbox = inbox
        yield server


def subjects(sink):
    return [message["Subject"] for message in mails_in(sink.inbox)]


def mails_about(sink, job):
    return [message for message in mails_in(sink.inbox) if f" {job} " in message["Subject"]]


def test_a_failure_is_mailed_once_with_what_one_needs_to_know_and_so_is_the_recovery(tmp_path, sink):
    mended = tmp_path / "mended"
    jobs = job_table("shaky", shell=f"seq --format 'line %g.' 60; test -e {mended}")
    with Daemon(tmp_path, mail=mail_table(sink.port), jobs=jobs) as daemon:
        run = daemon.trigger("shaky")
        row = daemon.finished(run)
        message = wait_until(lambda: mails_about(sink, "shaky"), "the failure mail")[0]
        assert message["Reply-To"] == "team@example.org"
        assert "one@example.org" in message["To"] and "two@example.org" in message["To"]
        assert message["Subject"] == "[rota] shaky failed"
        assert sink.recipients[0] == ["one@example.org", "two@example.org"]
        for part in ("plain", "html"):
            text = message.get_body((part,)).get_content()
            for told in ("shaky", str(run), row["started_at"], row["error_type"], row["error_message"], "Duration"):
                assert told in text
            assert [line for line in text.split() if line.rstrip(".").isdigit() and line.endswith(".")] == [
                f"{number}." for number in range(11, 61)]
        daemon.finished(daemon.trigger("shaky"))
        mended.touch()
        for _ in range(2):
            assert daemon.finished(daemon.trigger("shaky"))["state"] == "succeeded"
        daemon.finished(daemon.trigger("t_fails"))
        wait_until(lambda: mails_about(sink, "t_fails"), "the other job's mail")
        assert [mail["Subject"] for mail in mails_about(sink, "shaky")] == ["[rota] shaky failed", "[rota] shaky works again"]


@pytest.mark.parametrize("job, settings, subject, told", [
    ("t_throws", {}, "failed", "std::runtime_error"),
    ("p_fails", {}, "failed", "said so itself"),
    ("p_sleeps", {"timeout": "1 second"}, "timed out", "ran longer than its timeout of 1 s"),
    ("p_segfaults", {}, "crashed", "the worker"),
])
def test_every_kind_of_failure_is_mailed(tmp_path, sink, job, settings, subject, told):
    with Daemon(tmp_path, mail=mail_table(sink.port), jobs=job_table(job, grace="1 second", **settings)) as daemon:
        daemon.finished(daemon.trigger(job))
        message = wait_until(lambda: mails_in(sink.inbox), "the failure mail")[0]
        assert message["Subject"] == f"[rota] {job} {subject}"
        assert told in message.get_body(("plain",)).get_content()


def test_failures_that_no_mail_told_are_summed_up_once_the_period_is_over_for_each_job(tmp_path, sink):
    with Daemon(tmp_path, mail=mail_table(sink.port, summary_period="5 s")) as daemon:
        for job in ("t_fails", "t_throws", "t_fails", "t_throws", "t_throws"):
            daemon.finished(daemon.trigger(job))
        for job, more in (("t_fails", 1), ("t_throws", 2)):
            told = f"{job} still fails: {more} more since the last mail"
            wait_until(lambda: any(told in subject for subject in subjects(sink)), told)
        assert len(subjects(sink)) == 4


def test_a_dead_mail_server_loses_nothing(tmp_path, sink):
    port = sink.port
    sink.stop()
    with Daemon(tmp_path, mail=mail_table(port)) as daemon:
        daemon.finished(daemon.trigger("t_fails"))
        daemon.stop()
        with SmtpSink(sink.inbox, port=port):
            daemon.start()
            wait_until(lambda: any("t_fails" in subject for subject in subjects(sink)), "the mail that waited")


def test_a_lost_run_is_announced_at_the_next_start(tmp_path, sink):
    with Daemon(tmp_path, mail=mail_table(sink.port)) as daemon:
        daemon.started(daemon.trigger("p_sleeps"))
        daemon.kill()
        daemon.start()
        wait_until(lambda: any("p_sleeps" in subject for subject in subjects(sink)), "the mail on the lost run")


def test_a_thread_past_its_timeout_is_announced_while_it_still_runs(tmp_path, sink):
    jobs = job_table("t_sleeps", timeout="1 second", grace="1 second", parameters={"ignore_stop": "true"})
    with Daemon(tmp_path, mail=mail_table(sink.port), jobs=jobs) as daemon:
        run = daemon.trigger("t_sleeps")
        wait_until(lambda: any("t_sleeps" in subject for subject in subjects(sink)), "the mail")
        assert daemon.run(run)["state"] == "running"
        daemon.kill()


class BadServer:
    """Speaks SMTP as far as `kind` says, and no further."""

    def __init__(self, kind):
        self.kind = kind
        self.connections = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        if kind == "is not there":
            self._listening.close()
        else:
            self._thread = threading.Thread(target=self._serve)
            self._thread.start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.connections.append(connection)
                with contextlib.suppress(OSError):
                    self._speak(connection)

    def _speak(self, connection):
        if self.kind == "is silent":
            return
        if self.kind == "refuses connections":
            connection.sendall(b"554 not today\r\n")
            return connection.close()
        connection.sendall(b"220 here\r\n")
        for line in connection.makefile("rb"):
            if line.startswith((b"EHLO", b"HELO")):
                connection.sendall(b"250 here\r\n")
            elif line.startswith(b"MAIL") and self.kind == "refuses for now":
                connection.sendall(b"451 later\r\n")
            elif line.startswith(b"RCPT") and self.kind == "refuses for good":
                connection.sendall(b"550 no such user\r\n")
            elif line.startswith(b"DATA"):
                connection.sendall(b"354 go on\r\n")
                connection.recv(10)
                return connection.close()  # in the middle of it
            else:
                connection.sendall(b"250 well\r\n")

    def stop(self):
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self.connections:
            connection.close()
        if self.kind != "is not there":
            self._thread.join()


KINDS = ["is not there", "is silent", "refuses connections", "refuses for now", "refuses for good", "cuts off"]


def test_a_mail_waits_for_a_server_that_fails_in_any_way_and_is_delivered_once(tmp_path):
    # All at once, because a silent server has half a minute and the next attempt is ten seconds away.
    with contextlib.ExitStack() as all_of_them:
        tried = []
        for kind in KINDS:
            directory = tmp_path / kind.replace(" ", "_")
            directory.mkdir()
            server = BadServer(kind)
            all_of_them.callback(server.stop)
            jobs = job_table("t_ok", schedule="every 1 second", overlap={"rule": "queue", "limit": 1000})
            daemon = Daemon(directory, jobs, mail=mail_table(server.port))
            all_of_them.enter_context(daemon)
            assert daemon.trigger_and_finish("t_fails")["state"] == "failed"
            tried.append((server, daemon))
        for server, daemon in tried:
            wait_until(lambda: "was not taken" in daemon.output.read_text(), f"the failure where it {server.kind}")
            assert "it is tried again in 10 s" in daemon.output.read_text()
            server.stop()
            sink = all_of_them.enter_context(SmtpSink(daemon.directory / "inbox", port=server.port))
            server.sink = sink
        for server, daemon in tried:
            wait_until(server.sink.mails, f"the mail where it {server.kind}")
            # The next look finds nothing to send.
            daemon.trigger_and_finish("p_fails")
            wait_until(lambda: len(server.sink.mails()) == 2, "the next mail")
            assert [mail["Subject"].split()[1] for mail in server.sink.mails()] == ["t_fails", "p_fails"]
            rows = daemon.rows("job_name = 't_ok'")
            seconds = [row["scheduled_for"] // 1000 for row in rows]
            assert seconds == list(range(seconds[0], seconds[-1] + 1))
            assert {row["state"] for row in rows} <= {"succeeded", "running", "queued"}
