"""The example commands, as jobs/commands/commands.toml defines them, run by a real worker."""

import json
import os
import pathlib
import tomllib

import pytest

from worker.worker_under_test import Supervised, command

EXAMPLES = pathlib.Path(os.environ["ROTA_SOURCE"]) / "jobs" / "commands"
JOBS = tomllib.loads((EXAMPLES / "commands.toml").read_text(encoding="utf-8"))["jobs"]


def run(job, **start):
    """The messages after the hello, and what was printed."""
    program = EXAMPLES / pathlib.Path(job["command"][0]).name
    with Supervised("x") as worker:
        worker.start(command=command(str(program), standard_input=job["standard_input"]),
                     parameters=job.get("parameters", {}), **start)
        assert worker.next()["type"] == "hello"
        messages, output = worker.messages(), worker.output()
        assert worker.end() == 0, output
        return messages, output


@pytest.mark.parametrize("name", JOBS)
def test_an_example_reports_each_line_and_how_many_there_were(name):
    messages, output = run(JOBS[name])
    assert [message["type"] for message in messages] == ["progress"] * 3 + ["result"]
    assert [message["done"] for message in messages[:3]] == [1, 2, 3]
    assert messages[3]["lines_added"] == 3
    assert output == "Brussels: 8 characters\nStrasbourg: 10 characters\nLuxembourg: 10 characters\n"


def test_a_parameter_reaches_an_example():
    _, output = run({**JOBS["report_progress_sh"], "parameters": {"unit": "letters"}})
    assert "Brussels: 8 letters\n" in output


def test_the_python_example_leaves_a_place_for_the_next_run():
    messages, _ = run(JOBS["report_progress_py"])
    assert json.loads(messages[-1]["last_entry"]) == {"line": "Luxembourg"}


def test_both_are_installed_where_the_job_file_seeks_them():
    assert [job["command"][0] for job in JOBS.values()] == [
        f"/usr/lib/rota/commands/report_progress.{language}" for language in ("sh", "py")]
    assert all(os.access(path, os.X_OK) for path in EXAMPLES.glob("report_progress.*"))
