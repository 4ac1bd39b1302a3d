"""A clock that is set forward, as after a suspend, in which the monotonic clock stands still: what was passed over follows the
catch-up rule."""

import time

import pytest

from system.clock import EACH_SECOND, STEPS, ClockedDaemon, clock, fires_on, none_twice, rows_of, scheduled  # noqa: F401
from system.daemon_under_test import job_table, wait_until


@pytest.mark.parametrize("step", STEPS)
def test_what_a_clock_set_forward_passes_over_follows_the_catch_up_rule(tmp_path, clock, step):
    rules = {"once": {"rule": "once"}, "skip": {"rule": "skip"}, "all": {"rule": "all", "limit": 2}}
    overlap = {"rule": "queue", "limit": 1000}
    every = {"a minute": "10 seconds", "a day": "2 hours", "a year": "2 hours"}[step]
    jobs = EACH_SECOND
    for (rule, policy), job in zip(rules.items(), ("p_ok", "p_no_op", "t_no_op")):
        jobs += job_table(job, schedule=f"every {every}", catch_up=policy, misfire_grace="1 s", overlap=overlap)
    with ClockedDaemon(tmp_path, jobs, environment=clock.environment) as daemon:
        wait_until(lambda: len(rows_of(daemon, "t_ok")) >= 2, "occurrences before")
        # To the middle between two occurrences: one on time would make up for those before it.
        clock.set(daemon, STEPS[step] + 15 - int(time.time()) % 10)
        fires_on(daemon, clock, "t_ok")
        for job, fired in (("p_ok", 1), ("p_no_op", 0), ("t_no_op", 2)):
            caught_up = lambda: [row for row in rows_of(daemon, job) if row["trigger"] == "catch_up"]
            wait_until(lambda: len(caught_up()) == fired and all(row["state"] == "succeeded" for row in caught_up()), job)
            missed = [row for row in rows_of(daemon, job) if row["state"] == "missed"]
            assert missed and all(row["error_message"] for row in missed)
            # What lies within the window of a day has a row each.
            passed = 6 if step == "a minute" else 12
            assert passed - 1 <= len(missed) + fired <= passed + 2
        none_twice(daemon, ("t_ok", "p_ok", "p_no_op", "t_no_op"))


def test_a_clock_that_is_set_again_and_again_loses_no_occurrence(tmp_path, clock):
    jobs = job_table("t_ok", schedule="every 1 second", catch_up={"rule": "all", "limit": 100},
                     overlap={"rule": "queue", "limit": 1000})
    jobs += job_table("p_echo", overlap={"rule": "queue", "limit": 1000})
    with ClockedDaemon(tmp_path, jobs, environment=clock.environment) as daemon:
        wait_until(lambda: len(rows_of(daemon, "t_ok")) >= 2, "occurrences before")
        for step in range(200):
            clock.set(daemon, (step * 7) % 11 - 5)
            if step % 10 == 0:
                daemon.trigger("p_echo")
        clock.set(daemon, 6)
        fires_on(daemon, clock, "t_ok")
    found = scheduled(daemon, "t_ok")
    assert sorted(found) == sorted(set(found))
    assert sorted(found) == list(range(min(found), max(found) + 1))
