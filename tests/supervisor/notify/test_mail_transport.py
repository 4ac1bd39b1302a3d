"""Failure mails over STARTTLS, TLS and authentication, with a real server and its certificate."""

import subprocess

import pytest

from smtp_sink import SmtpSink
from system.daemon_under_test import Daemon, wait_until


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    directory = tmp_path_factory.mktemp("certificate")
    key, certificate = directory / "key.pem", directory / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
                    "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                   check=True, capture_output=True)
    return certificate, key


def mail_table(port, security, directory, password="right", ca=None):
    secret = directory / "password"
    secret.write_text(password)
    secret.chmod(0o600)
    return f"""
[mail]
host = "127.0.0.1"
port = {port}
security = "{security}"
username = "rota"
password_file = "{secret}"
from = "rota@example.org"
to = ["one@example.org"]
""" + (f'ca_file = "{ca}"\n' if ca else "")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_out_encrypted_and_authenticated(tmp_path, certificate, security):
    with SmtpSink(tmp_path / "inbox", certificate=certificate[0], key=certificate[1], implicit_tls=security == "tls",
                  credentials=("rota", "right")) as sink:
        with Daemon(tmp_path, mail=mail_table(sink.port, security, tmp_path, ca=certificate[0])) as daemon:
            daemon.finished(daemon.trigger("t_fails"))
            assert "t_fails" in wait_until(sink.mails, "the mail")[0]["Subject"]


@pytest.mark.parametrize("password, trusted, said", [("wrong", True, "tried again"), ("right", False, "certificate")])
def test_a_wrong_password_or_certificate_keeps_the_mail(tmp_path, certificate, password, trusted, said):
    with SmtpSink(tmp_path / "inbox", certificate=certificate[0], key=certificate[1], credentials=("rota", "right")) as sink:
        mail = mail_table(sink.port, "starttls", tmp_path, password, certificate[0] if trusted else None)
        with Daemon(tmp_path, mail=mail) as daemon:
            daemon.finished(daemon.trigger("t_fails"))
            wait_until(lambda: said in daemon.output.read_text(), "the refusal in the log")
        assert sink.mails() == []
        # The same outbox, with what was wrong put right.
        daemon = Daemon(tmp_path, mail=mail_table(sink.port, "starttls", tmp_path, ca=certificate[0]))
        with daemon:
            assert "t_fails" in wait_until(sink.mails, "the kept mail")[0]["Subject"]


def test_a_server_without_tls_gets_nothing_in_the_clear(tmp_path):
    with SmtpSink(tmp_path / "inbox") as sink:
        with Daemon(tmp_path, mail=mail_table(sink.port, "starttls", tmp_path)) as daemon:
            daemon.finished(daemon.trigger("t_fails"))
            wait_until(lambda: "tried again" in daemon.output.read_text(), "the refusal in the log")
        assert sink.mails() == []
