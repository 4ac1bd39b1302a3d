"""scrape_mep_meetings on pages from a real HTTP server, with faults."""

import datetime
import subprocess

import pytest

from jobs.job_runner import MODULES, TODAY, Runner
from worker.worker_under_test import Supervised

from generate_data import register  # noqa: E402, from the demo, whose path the runner has set
from register_server import RegisterServer

MEETINGS = register(TODAY, days=8, a_day=5)
DISTINCT = 40


@pytest.fixture
def server():
    with RegisterServer(MEETINGS) as running:
        yield running


@pytest.fixture
def runner(tmp_path):
    return Runner(tmp_path)


def scrape(runner, server, fault="good", **parameters):
    return runner.run("scrape_mep_meetings", base_url=server.address(fault), retry_delay_ms=10, **parameters)


def test_all_pages_are_read_and_near_duplicates_left_out(runner, server):
    result = scrape(runner, server)
    assert result.status == 0, result.text
    assert (result.added, result.processed) == (DISTINCT, len(MEETINGS))
    stored = runner.rows("SELECT title, member, starts_at, location, capacity, reference, badge, badge_title FROM meetings")
    wanted = MEETINGS[0]
    assert tuple(wanted[key] for key in ("title", "member", "starts_at", "location", "capacity", "reference", "badge")) + (
        f"Committee {wanted['badge']}",) in stored
    names = {row[0] for row in runner.rows("SELECT name FROM attendees")}
    assert names == {name for meeting in MEETINGS[:DISTINCT] for name in meeting["attendees"]}
    assert {number for _, number in server.requests} == set(range(1, (len(MEETINGS) + 9) // 10 + 1))


def test_a_second_run_adds_nothing_and_updates_what_changed(runner, server):
    scrape(runner, server)
    server.meetings = [{**meeting, "location": "Elsewhere"} for meeting in MEETINGS]
    result = scrape(runner, server)
    assert (result.status, result.added) == (0, 0)
    assert runner.rows("SELECT DISTINCT location FROM meetings") == [("Elsewhere",)]


@pytest.mark.parametrize("fault", ["error", "cut", "slow"])
def test_what_passes_is_tried_again(runner, server, fault):
    result = scrape(runner, server, fault, page_timeout_ms=5000)
    assert (result.status, result.added) == (0, DISTINCT), result.text
    if fault != "slow":
        assert "attempt 1" in result.text


def test_malformed_pages_are_read_as_far_as_they_go(runner, server):
    result = scrape(runner, server, "malformed")
    assert result.status == 0 and "without a title or a date" in result.text
    assert result.added > 0


@pytest.mark.parametrize("fault, said", [("broken", "HTTP status 500"), ("hang", "Timeout")])
def test_what_does_not_pass_is_a_failure_that_names_the_page(runner, server, fault, said):
    result = scrape(runner, server, fault, page_timeout_ms=300, attempts=2)
    assert result.status == 1
    assert "page 1 could not be read in 2 attempts" in result.text and said in result.text


def test_the_pages_before_one_that_does_not_pass_are_stored(runner, server):
    result = scrape(runner, server, "broken-later", attempts=2)
    assert result.status == 1 and "page 3 could not be read in 2 attempts" in result.text
    assert (result.added, result.processed) == (20, 20)
    titles = {title for (title,) in runner.rows("SELECT title FROM meetings")}
    assert titles == {meeting["title"] for meeting in MEETINGS[:20]}


def test_no_more_than_51_pages_are_read(runner, server):
    server.meetings = register(TODAY, days=8, a_day=70)
    assert len(server.meetings) > 520
    result = scrape(runner, server)
    assert (result.status, result.processed) == (0, 510), result.text
    assert {number for _, number in server.requests} == set(range(1, 52))


def test_the_days_that_are_searched_are_the_next_seven(runner, server):
    server.meetings = register(TODAY - datetime.timedelta(days=3), days=14, a_day=2)
    assert scrape(runner, server).status == 0
    dates = {date for (date,) in runner.rows("SELECT substr(starts_at, 1, 10) FROM meetings")}
    assert dates == {str(TODAY + datetime.timedelta(days=offset)) for offset in range(8)}


def test_progress_is_told_by_page(runner, server):
    parameters = {"database": str(runner.database), "today": str(TODAY), "base_url": server.address()}
    with Supervised("scrape_mep_meetings", "--module", f"{MODULES}/scrape_mep_meetings.so") as worker:
        messages = worker.start(job="scrape_mep_meetings", parameters=parameters).messages()
    told = [message for message in messages if message["type"] == "progress"]
    pages = (len(MEETINGS) + 9) // 10
    assert (told[-1]["done"], told[-1]["total"], told[-1]["message"]) == (pages, pages, f"page {pages}")
    assert messages[-1]["lines_added"] == DISTINCT and messages[-1]["lines_processed"] == len(MEETINGS)


def test_a_stop_ends_a_transfer_at_once(runner, server):
    process = subprocess.Popen(runner.command("scrape_mep_meetings", base_url=server.address("hang")), text=True,
                               stderr=subprocess.PIPE)
    while not server.requests:
        assert process.poll() is None
    process.send_signal(2)
    assert "stopped" in process.communicate(timeout=60)[1]
    assert process.returncode == 1


def test_a_dead_address_is_a_failure(runner, server):
    port = server.port
    server.stop()
    result = runner.run("scrape_mep_meetings", base_url=f"http://127.0.0.1:{port}/", attempts=2, retry_delay_ms=10)
    assert result.status == 1 and "page 1" in result.text


def test_a_wrong_parameter_is_named(runner, server):
    result = scrape(runner, server, attempts="many")
    assert result.status == 1 and "parameter attempts" in result.text and "many" in result.text
