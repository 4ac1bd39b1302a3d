"""scrape_mep_meetings on pages from a real HTTP server, with faults."""

import subprocess

import pytest

from jobs.job_runner import TODAY, Runner

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
