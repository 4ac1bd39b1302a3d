"""Secrets come from files and go nowhere else."""

import contextlib
import os
import pathlib
import sqlite3

from smtp_sink import SmtpSink
from system.daemon_under_test import SECRET, Daemon, job_table, wait_until

PASSWORD = "a-password-that-must-not-be-seen"


def everything_answered(daemon, run):
    for path in ("/scheduler/jobs", "/scheduler/jobs/shows", "/scheduler/runs", f"/scheduler/runs/{run}",
                 f"/scheduler/runs/{run}/log", "/scheduler/status", "/healthz"):
        yield daemon.request("GET", path, scope="read run admin").text
    yield daemon.reload().text


def test_no_secret_is_in_a_log_an_answer_the_database_or_the_environment_of_a_job(tmp_path):
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    with SmtpSink(tmp_path / "inbox", credentials=("rota", PASSWORD)) as sink:
        mail = (f'[mail]\nhost = "127.0.0.1"\nport = {sink.port}\nsecurity = "none"\nfrom = "rota@example.org"\n'
                f'to = ["team@example.org"]\nusername = "rota"\npassword_file = "{password}"\n')
        jobs = job_table("shows", shell="cat /proc/self/environ | tr '\\0' '\\n'; exit 1")
        with Daemon(tmp_path, jobs, mail=mail, environment={"DAEMON_ONLY": "an-environment-of-its-own"}) as daemon:
            run = daemon.trigger_and_finish("shows")["id"]
            daemon.request("GET", "/scheduler/jobs", headers={"Authorization": f"Bearer {SECRET}"})
            mails = wait_until(sink.mails, "the failure mail")
            texts = list(everything_answered(daemon, run)) + [mail.as_string() for mail in mails]
            daemon.stop()
    texts += [daemon.output.read_text()] + [file.read_text() for file in daemon.logs.rglob("*.log")]
    with contextlib.closing(sqlite3.connect(daemon.database)) as connection:
        texts.append("\n".join(connection.iterdump()))
    assert "ROTA_RUN_ID" in "".join(texts)
    for secret in (PASSWORD, SECRET, "an-environment-of-its-own"):
        assert not [text for text in texts if secret in text]


def test_a_secret_that_others_can_read_is_refused_by_name(tmp_path):
    daemon = Daemon(tmp_path)
    (tmp_path / "secret").chmod(0o644)
    with contextlib.suppress(AssertionError):
        daemon.start()
    assert daemon.process.wait(timeout=60) == 2
    assert "secret_file" in daemon.output.read_text() and "chmod" in daemon.output.read_text()


def test_a_secret_can_be_a_systemd_credential(tmp_path):
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    daemon = Daemon(tmp_path, environment={"CREDENTIALS_DIRECTORY": str(credentials)})
    os.rename(tmp_path / "secret", credentials / "secret")
    with daemon:
        assert daemon.request("GET", "/scheduler/jobs").status_code == 200


def test_job_files_can_lie_elsewhere(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "one.toml").write_text(job_table("from_elsewhere", command=["/bin/true"]))
    with Daemon(tmp_path, environment={"ROTA_JOBS_DIRECTORY": str(elsewhere)}) as daemon:
        assert daemon.trigger_and_finish("from_elsewhere")["state"] == "succeeded"


def test_a_job_file_that_others_can_write_is_refused(tmp_path):
    jobs = tmp_path / "jobs.d"
    jobs.mkdir()
    file = pathlib.Path(jobs / "one.toml")
    file.write_text(job_table("one", command=["/bin/true"]))
    file.chmod(0o666)
    daemon = Daemon(tmp_path)
    with contextlib.suppress(AssertionError):
        daemon.start()
    assert daemon.process.wait(timeout=60) == 2
    assert "one.toml" in daemon.output.read_text() and "chmod o-w" in daemon.output.read_text()
