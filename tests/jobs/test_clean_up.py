"""clean_up_embeddings: batches, and going on where it was stopped."""

import json

import pytest

from jobs.job_runner import TODAY, Runner

from generate_data import fill

ORPHANS = 1700


@pytest.fixture
def runner(tmp_path):
    runner = Runner(tmp_path)
    runner.create()
    fill(runner.database, TODAY, meetings=50, profiles=3, alerts=0, orphans=ORPHANS)
    for number in range(1, 51):
        runner.execute("INSERT INTO documents_embeddings (meeting_id, embedding) VALUES (?, x'00')", number)
    return runner


def test_embeddings_without_a_meeting_go_and_the_others_stay(runner):
    result = runner.run("clean_up_embeddings")
    assert (result.status, result.processed, result.last_entry) == (0, ORPHANS + 50, '{"last_id":0}')
    assert len(runner.rows("SELECT 1 FROM documents_embeddings")) == 50


def test_a_stopped_run_says_where_it_was_and_the_next_goes_on_there(runner):
    stopped = runner.run("clean_up_embeddings", timeout="200ms", batch_pause_ms=3_600_000)
    assert (stopped.status, stopped.processed) == (124, 500)
    place = json.loads(stopped.last_entry)["last_id"]
    assert min(row[0] for row in runner.rows("SELECT id FROM documents_embeddings")) > place
    rest = runner.run("clean_up_embeddings", last_entry=stopped.last_entry)
    assert (rest.status, rest.processed) == (0, ORPHANS + 50 - 500)


@pytest.mark.parametrize("entry", ["nonsense", "[]", '{"last_id":"x"}'])
def test_a_last_entry_that_is_none_of_its_own_is_a_beginning(runner, entry):
    assert runner.run("clean_up_embeddings", last_entry=entry).processed == ORPHANS + 50
