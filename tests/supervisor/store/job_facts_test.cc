#include <doctest/doctest.h>

#include "tests/supervisor/store/store_under_test.h"

namespace rota {
namespace {

TEST_CASE("facts tell where the calendar of a job goes on") {
  StoreUnderTest test;
  test.open();
  for (const std::int64_t instant : {3000, 1000, 2000}) {
    const auto id = test.insert(scheduled_run("one", at(instant)));
    Outcome outcome = success(at(instant + 500));
    outcome.last_entry = std::to_string(instant);
    test.end(*id, outcome);
  }
  Run manual = scheduled_run("two", at(7000));
  manual.trigger = Trigger::manual;
  test.insert(manual);
  test.open();
  const auto facts = test.store->facts();
  REQUIRE(facts.size() == 2);
  CHECK(facts[0].job_name == "one");
  CHECK(facts[0].first_seen_at == at(3000));
  CHECK(facts[0].last_occurrence == at(3000));
  CHECK(facts[0].last_entry == "2000");
  CHECK(facts[0].last_finished_at == at(2500));
  CHECK_FALSE(facts[1].last_occurrence);
  CHECK(facts[1].begun > facts[0].success);
  CHECK_FALSE(facts[1].last_finished_at);
}

TEST_CASE("what was skipped or missed counts as an occurrence but not as begun") {
  StoreUnderTest test;
  test.open();
  test.insert(scheduled_run("one", at(1000)));
  const Sequence begun = test.facts_of("one").begun;
  test.insert(skipped_run("one", at(2000)));
  Run missed = skipped_run("one", at(3000));
  missed.trigger = Trigger::catch_up;
  missed.state = RunState::missed;
  test.insert(missed);
  CHECK(test.facts_of("one").last_occurrence == at(3000));
  CHECK(test.facts_of("one").begun == begun);
}

TEST_CASE("what was due by dependency counts as begun also when it was skipped") {
  StoreUnderTest test;
  test.open();
  test.insert(scheduled_run("one", at(1000)));
  const Sequence begun = test.facts_of("one").begun;
  Run skipped = skipped_run("one", at(2000));
  skipped.trigger = Trigger::dependency;
  skipped.scheduled_for.reset();
  test.insert(skipped);
  CHECK(test.facts_of("one").begun > begun);
}

TEST_CASE("an occurrence that is recorded already changes no fact") {
  StoreUnderTest test;
  test.open();
  test.insert(skipped_run("one", at(1000)));
  const Sequence begun = test.facts_of("one").begun;
  Run again = scheduled_run("one", at(1000));
  again.queued_at = at(5000);
  CHECK_FALSE(test.insert(again));
  CHECK(test.facts_of("one").begun == begun);
}

TEST_CASE("success and failure are told apart and an outcome without an entry keeps the entry") {
  StoreUnderTest test;
  test.open();
  const auto good = test.insert(scheduled_run("one", at(1000)));
  Outcome outcome = success(at(1500));
  outcome.last_entry = "7";
  test.end(*good, outcome);
  CHECK(test.facts_of("one").failure == 0);
  CHECK(test.facts_of("one").success > test.facts_of("one").begun);
  std::int64_t instant = 2000;
  for (const RunState state : {RunState::failed, RunState::timed_out, RunState::crashed, RunState::lost}) {
    const auto bad = test.insert(scheduled_run("one", at(instant)));
    test.end(*bad, ended(state, at(instant + 500)));
    CHECK(test.facts_of("one").failure > test.facts_of("one").begun);
    instant += 1000;
  }
  const auto stopped = test.insert(scheduled_run("one", at(7000)));
  const Sequence begun = test.facts_of("one").begun;
  test.end(*stopped, ended(RunState::cancelled, at(7500)));
  const JobFacts facts = test.facts_of("one");
  CHECK(facts.last_success_at == at(1500));
  CHECK(facts.last_success_run == *good);
  CHECK(facts.failure > facts.success);
  CHECK(facts.failure < begun);
  CHECK(facts.last_finished_at == at(7500));
  CHECK(facts.last_entry == "7");
}

TEST_CASE("a failure that is tried again is not yet one of the job") {
  StoreUnderTest test;
  test.open();
  const auto first = test.insert(scheduled_run("one", at(1000)));
  Consequences consequences;
  consequences.retry = scheduled_run("one", at(1000));
  consequences.retry->trigger = Trigger::retry;
  consequences.retry->queued_at = at(2000);
  const auto second = test.end(*first, ended(RunState::failed, at(2000)), consequences);
  CHECK(test.facts_of("one").failure == 0);
  const Sequence begun = test.facts_of("one").begun;
  test.end(*second, ended(RunState::failed, at(3000)));
  CHECK(test.facts_of("one").failure > begun);
}

TEST_CASE("a job is first seen once") {
  StoreUnderTest test;
  test.open();
  test.insert(scheduled_run("one", at(1000)));
  test.wait_for(&RunStore::record_calendars, std::vector<std::string>{"one", "two"}, at(5000));
  test.wait_for(&RunStore::record_calendars, std::vector<std::string>{"two"}, at(6000));
  CHECK(test.facts_of("one").first_seen_at == at(1000));
  CHECK(test.facts_of("two").first_seen_at == at(5000));
}

TEST_CASE("the order of recording does not depend on the clock and goes on after a start") {
  StoreUnderTest test;
  test.open();
  const auto first = test.insert(scheduled_run("one", at(9000)));
  test.end(*first, success(at(9500)));
  test.open();
  test.insert(scheduled_run("two", at(1000)));
  CHECK(test.facts_of("two").begun > test.facts_of("one").success);
}

TEST_CASE("a calendar that begins anew has no occurrence yet") {
  StoreUnderTest test;
  test.open();
  test.insert(scheduled_run("one", at(3000)));
  CHECK(test.facts_of("one").last_occurrence == at(3000));
  test.wait_for(&RunStore::record_calendars, std::vector<std::string>{"one"}, at(5000));
  CHECK(test.facts_of("one").calendar_since == at(5000));
  CHECK_FALSE(test.facts_of("one").last_occurrence);
  test.insert(scheduled_run("one", at(6000)));
  CHECK(test.facts_of("one").calendar_since == at(5000));
  CHECK(test.facts_of("one").last_occurrence == at(6000));
}

}  // namespace
}  // namespace rota
