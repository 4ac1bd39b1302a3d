"""`rota next`: how it shows what comes. When that is, tests/common/schedule/ says."""

import json
import os
import subprocess

ROTA = os.path.join(os.environ["ROTA_BIN"], "rota")


def rota_next(schedule, *arguments):
    return subprocess.run([ROTA, "next", schedule, "--zone", "Europe/Brussels", "--from", "2026-03-23T12:00:00Z", "--count", "2",
                           *arguments], capture_output=True, text=True, check=True)


def test_json_has_the_canonical_schedule_and_what_the_lines_say():
    lines = rota_next("Every  Monday at 2:00").stdout.splitlines()
    assert json.loads(rota_next("every monday at 2:00", "--json").stdout) == {
        "schedule": "every monday at 02:00 in Europe/Brussels", "next": lines}


def test_times_can_be_shown_in_utc():
    assert rota_next("every monday at 02:00", "--utc").stdout.splitlines() == [
        "2026-03-30T00:00:00+00:00", "2026-04-06T00:00:00+00:00"]


def test_a_schedule_that_has_ended_is_said_beside_the_output():
    ended = rota_next("every day until 2020-01-01")
    assert ended.stdout == "" and "no occurrence after 2026-03-23T13:00:00+01:00" in ended.stderr
    assert json.loads(rota_next("every day until 2020-01-01", "--json").stdout)["next"] == []


def test_output_that_cannot_be_written_is_a_failure():
    with open("/dev/full", "w") as full:
        result = subprocess.run([ROTA, "next", "every day"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert result.returncode == 1 and result.stderr == "rota next: standard output could not be written; is its disk full?\n"
