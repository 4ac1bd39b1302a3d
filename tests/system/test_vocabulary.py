"""The whole vocabulary of schedules, in C++ and as text, as the real daemon has it."""

import datetime
import subprocess

from system.daemon_under_test import BIN, Daemon, LIB, job_table, wait_until

# In the order in which tests/modules/vocabulary.cc registers them.
WORDS = [
    "every second", "every 15 seconds", "every minute", "every minute at :05", "every 10 minutes",
    "every 10 minutes at :30", "every hour", "every hour at :15", "every hour at 15:30", "every 2 hours at 20:30",
    "every day", "every day at 10:30", "every day at 10:30:42", "every day at 12:42 in Europe/Amsterdam",
    "every 3 days at 10:30", "every week", "every 2 weeks on monday at 02:00", "every monday", "every tuesday",
    "every wednesday at 13:15", "every thursday", "every friday", "every saturday", "every sunday",
    "every 5 to 10 seconds", "every 5 to 10 minutes", "every 2 to 4 hours", "every 1 to 3 days",
    "every hour until 2097-01-01", "every hour until 2097-01-01 18:30", "every hour until 18:30",
    "every day tag daily tag friend", "every day in Asia/Kathmandu", "10 minutes after finish", "20 2 * * 1-5", "@daily",
]


def with_zone(text):
    """The canonical text of a schedule that names no zone, in the daemon's."""
    if " in " in text:
        return text
    for clause in (" until ", " tag "):
        if clause in text:
            at = text.index(clause)
            return text[:at] + " in UTC" + text[at:]
    return text + " in UTC"


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def next_of(schedule, after, seed):
    command = [BIN / "rota", "next", schedule, "--zone", "UTC", "--from", after.isoformat(timespec="seconds"),
               "--count", "1", "--seed", seed]
    return instant(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


def check(job, text, before, after):
    assert job["schedule"] == with_zone(text)
    if "finish" in text:
        return
    due = instant(job["next_occurrence"])
    seed = job["name"]
    assert next_of(text, before, seed) <= due <= next_of(text, after, seed), text
    assert next_of(text, due - datetime.timedelta(seconds=1), seed) == due, text


def test_every_word_in_cpp_is_the_text_that_it_should_be_and_is_due_when_it_should(tmp_path):
    modules = f'module_directories = ["{LIB}/vocabulary"]'
    with Daemon(tmp_path, modules=modules) as daemon:
        before = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=2)
        jobs = {job["name"]: job for job in daemon.request("GET", "/scheduler/jobs").json()["jobs"]}
        after = datetime.datetime.now(datetime.timezone.utc)
        assert len(jobs) == len(WORDS)
        for number, text in enumerate(WORDS, 1):
            check(jobs[f"word_{number}"], text, before, after)
        assert jobs[f"word_{WORDS.index('every day tag daily tag friend') + 1}"]["tags"] == ["daily", "friend"]
        wait_until(lambda: daemon.rows("job_name = 'word_1' AND state = 'succeeded'"), "a run of every second")
        wait_until(lambda: daemon.rows(f"job_name = 'word_{WORDS.index('10 minutes after finish') + 1}'"),
                   "the first run of a fixed delay")


def test_every_word_in_a_configuration_is_the_same(tmp_path):
    jobs = "".join(job_table(f"word_{number}", command=["/bin/true"], schedule=text)
                   for number, text in enumerate(WORDS, 1))
    with Daemon(tmp_path, jobs) as daemon:
        before = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=2)
        found = {job["name"]: job for job in daemon.request("GET", "/scheduler/jobs").json()["jobs"]}
        after = datetime.datetime.now(datetime.timezone.utc)
        for number, text in enumerate(WORDS, 1):
            check(found[f"word_{number}"], text, before, after)
        wait_until(lambda: daemon.rows("job_name = 'word_1' AND state = 'succeeded'"), "a run of every second")
