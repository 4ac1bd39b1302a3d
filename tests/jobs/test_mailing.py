"""send_weekly_newsletter and send_smart_alerts with a real mail server."""

import json
import pathlib
import signal
import subprocess
import threading
import time

import pytest

from jobs.job_runner import TODAY, Runner

from generate_data import fill
from smtp_sink import SmtpSink
from system.daemon_under_test import wait_until


@pytest.fixture
def sink(tmp_path):
    with SmtpSink(tmp_path / "inbox") as server:
        yield server


@pytest.fixture
def runner(tmp_path):
    runner = Runner(tmp_path)
    runner.create()
    fill(runner.database, TODAY, meetings=300, profiles=12, alerts=10, orphans=0)
    return runner


def mail(runner, sink, job, **more):
    return runner.run(job, smtp_host="127.0.0.1", smtp_port=sink.port, smtp_security="none", mail_from="jobs@example.org", **more)


def weekly(runner):
    return [email for (email,) in runner.rows("SELECT email FROM profiles WHERE newsletter_frequency = 'weekly' ORDER BY id")]


def test_each_weekly_subscriber_gets_coming_meetings_in_text_and_html(runner, sink):
    result = mail(runner, sink, "send_weekly_newsletter")
    assert (result.status, result.processed) == (0, len(weekly(runner))), result.text
    assert [to for (to,) in sink.recipients] == weekly(runner)
    first = sink.mails()[0]
    text = first.get_body(("plain",)).get_content()
    interests = runner.rows("SELECT interests FROM profiles WHERE email = ?", first["To"])[0][0]
    assert any(word in text for word in interests.split())
    assert "<li>" in first.get_body(("html",)).get_content()
    dates = [line.split(",")[0].strip() for line in text.splitlines() if line.startswith("  20")]
    assert dates and all("2026-11-24" <= date < "2026-12-08" for date in dates)


def test_a_refusing_server_makes_the_newsletter_fail_with_its_count(runner, sink):
    sink.refuse = "451 not now"
    result = mail(runner, sink, "send_weekly_newsletter")
    count = len(weekly(runner))
    assert result.status == 1 and f"{count} of {count} newsletters were not sent" in result.text and "451" in result.text


def sleeps(process):
    """Whether each thread of a process waits for something."""
    stats = pathlib.Path(f"/proc/{process.pid}/task").glob("*/stat")
    return all(stat.read_text().rpartition(")")[2].split()[0] == "S" for stat in stats)


def test_a_stop_comes_between_two_subscribers_and_the_rest_is_counted(runner, sink, tmp_path):
    output = tmp_path / "output"
    command = runner.command("send_weekly_newsletter", smtp_host="127.0.0.1", smtp_port=sink.port, smtp_security="none",
                             mail_from="jobs@example.org")
    second_came, stopped = threading.Event(), threading.Event()

    def wait_at_the_second():
        if len(sink.recipients) == 2:
            second_came.set()
            stopped.wait(60)

    sink.before_answer = wait_at_the_second
    with open(output, "wb") as written, subprocess.Popen(command, stderr=written) as process:
        assert second_came.wait(60)
        process.send_signal(signal.SIGINT)
        wait_until(lambda: "asked to stop" in output.read_text() and sleeps(process), "the stop to be taken in")
        stopped.set()
        process.wait(timeout=60)
    text = output.read_text()
    count = len(weekly(runner))
    assert process.returncode == 1 and f"{count - 2} of {count} newsletters were not sent: stopped" in text
    assert [to for (to,) in sink.recipients] == weekly(runner)[:2]
    sink.before_answer = None
    entry = text.partition("last entry: ")[2].strip()
    assert mail(runner, sink, "send_weekly_newsletter", last_entry=entry).processed == count - 2
    assert [to for (to,) in sink.recipients] == weekly(runner)


def test_a_stopped_newsletter_goes_on_after_the_last_who_was_served(runner, sink):
    ids = [row[0] for row in runner.rows("SELECT id FROM profiles WHERE newsletter_frequency = 'weekly' ORDER BY id")]
    entry = json.dumps({"week": "2026-11-23", "stopped_after": ids[1]})
    assert mail(runner, sink, "send_weekly_newsletter", last_entry=entry).processed == len(ids) - 2
    assert [to for (to,) in sink.recipients] == weekly(runner)[2:]
    other_week = json.dumps({"week": "2026-11-16", "stopped_after": ids[1]})
    assert mail(runner, sink, "send_weekly_newsletter", last_entry=other_week).processed == len(ids)


def test_alerts_are_mailed_once_and_again_when_they_are_due(runner, sink):
    first = mail(runner, sink, "send_smart_alerts")
    assert first.status == 0 and first.added == first.processed == len(sink.mails()) > 0, first.text
    second = mail(runner, sink, "send_smart_alerts")
    assert (second.status, second.added, second.processed) == (0, 0, 0)
    runner.execute("UPDATE alerts SET last_checked_at = last_checked_at - period_seconds - 1")
    assert mail(runner, sink, "send_smart_alerts").processed == first.processed


def test_alerts_keep_to_threshold_and_count(runner, sink):
    runner.execute("UPDATE alerts SET threshold = 0.99")
    assert mail(runner, sink, "send_smart_alerts").added == 0
    runner.execute("UPDATE alerts SET threshold = 0.1, top_k = 2, last_checked_at = NULL")
    mail(runner, sink, "send_smart_alerts")
    assert all(message.get_body(("plain",)).get_content().count("\n* ") <= 2 for message in sink.mails())


def test_a_recorded_alert_is_delivered_later_when_the_server_is_away(runner, sink):
    sink.refuse = "451 not now"
    failed = mail(runner, sink, "send_smart_alerts")
    assert failed.status == 1 and "delivered by the next run" in failed.text
    assert len(runner.rows("SELECT 1 FROM alert_mails WHERE delivered_at IS NULL")) == failed.added > 0
    sink.refuse = None
    later = mail(runner, sink, "send_smart_alerts")
    assert (later.status, later.added, later.processed) == (0, 0, failed.added)
    assert len({message["Message-ID"] for message in sink.mails()}) == len(sink.mails()) == failed.added


def test_a_kill_at_any_point_neither_loses_nor_repeats_a_recorded_alert(runner, sink):
    for already in (1, 3):
        process = subprocess.Popen(runner.command("send_smart_alerts", smtp_host="127.0.0.1", smtp_port=sink.port,
                                                  smtp_security="none", mail_from="jobs@example.org"),
                                   stderr=subprocess.DEVNULL)
        while len(sink.mails()) < already and process.poll() is None:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
    assert mail(runner, sink, "send_smart_alerts").status == 0
    alerts = runner.rows("SELECT message_id FROM alert_mails")
    checked = runner.rows("SELECT 1 FROM alerts WHERE last_checked_at IS NULL")
    assert not checked and len(alerts) == len(runner.rows("SELECT DISTINCT substr(message_id, 1, 8) FROM alert_mails"))
    # One can come twice where the kill met the instant after the server's answer: with the same id.
    assert {message["Message-ID"] for message in sink.mails()} == {f"<{row[0]}>" for row in alerts}
