#include <doctest/doctest.h>

#include "tests/supervisor/store/store_under_test.h"

namespace rota {
namespace {

// Runs of a job at 1000, 2000, … with a log each.
std::vector<RunId> record_runs(StoreUnderTest& test, const std::string& job, int count) {
  std::vector<RunId> ids;
  for (std::int64_t i = 1; i <= count; ++i) {
    Run run = scheduled_run(job, at(1000 * i));
    run.log_path = job + "/" + std::to_string(i) + ".log";
    ids.push_back(test.insert(run).value_or(0));
    test.end(ids.back(), success(at(1000 * i + 1)));
  }
  return ids;
}

std::size_t rows_of(StoreUnderTest& test, const std::string& job) {
  return test.query({.job_name = job, .limit = 1000}).size();
}

std::size_t logs_of(StoreUnderTest& test, const std::string& job) {
  std::size_t count = 0;
  for (const Run& run : test.query({.job_name = job, .limit = 1000})) count += run.log_path.empty() ? 0 : 1;
  return count;
}

using Paths = std::vector<std::string>;

TEST_CASE("rows beyond the number that is kept go and their logs are named") {
  StoreUnderTest test;
  test.open();
  record_runs(test, "one", 5);
  record_runs(test, "two", 5);
  const Pruned pruned = test.prune("one", {.rows_kept = 3});
  CHECK(pruned.rows == 2);
  CHECK(pruned.logs == Paths{"one/1.log", "one/2.log"});
  CHECK(rows_of(test, "one") == 3);
  CHECK(rows_of(test, "two") == 5);
  CHECK(test.prune("one", {.rows_kept = 3}).rows == 0);
}

TEST_CASE("rows that were queued before an instant go whatever number is kept") {
  StoreUnderTest test;
  test.open();
  record_runs(test, "one", 5);
  record_runs(test, "two", 1);
  CHECK(test.prune("one", {.rows_since = at(3000), .rows_kept = 4}).rows == 2);
  CHECK(test.prune("one", {.rows_since = at(3000), .rows_kept = 1}).rows == 2);
  CHECK(test.prune("one", {}).rows == 0);
  CHECK(rows_of(test, "one") == 1);
}

TEST_CASE("a step removes no more than it may and says that there is more") {
  StoreUnderTest test;
  test.open();
  record_runs(test, "one", 10);
  const Retention retention{.rows_kept = 3, .logs_kept = 1};
  const Pruned first = test.prune_step("one", retention, 4);
  CHECK(first.rows == 4);
  CHECK(first.logs.size() == 4);
  CHECK(first.jobs_done == 0);
  CHECK(rows_of(test, "one") == 6);
  const Pruned second = test.prune_step("one", retention, 4);
  CHECK(second.rows == 3);
  CHECK(second.logs.size() == 4);
  CHECK(second.jobs_done == 0);
  CHECK(rows_of(test, "one") == 3);
  const Pruned third = test.prune_step("one", retention, 4);
  CHECK(third.logs.size() == 1);
  CHECK(third.jobs_done == 1);
  CHECK(logs_of(test, "one") == 1);
}

TEST_CASE("a step goes on from job to job and says how many are done") {
  StoreUnderTest test;
  test.open();
  for (const char* job : {"one", "two", "three"}) record_runs(test, job, 4);
  const Retention retention{.rows_kept = 1};
  const Pruned first = test.prune_step({{"one", retention}, {"never run", retention}, {"two", retention}}, 5);
  CHECK(first.rows == 5);
  CHECK(first.jobs_done == 2);
  CHECK(rows_of(test, "two") == 2);
  const Pruned second = test.prune_step({{"two", retention}, {"three", retention}}, 5);
  CHECK(second.rows == 4);
  CHECK(second.jobs_done == 2);
}

TEST_CASE("runs that have not ended stay and go once they have") {
  StoreUnderTest test;
  test.open();
  Run running = scheduled_run("one", at(500));
  running.log_path = "one/running.log";
  const auto id = test.insert(running);
  record_runs(test, "one", 5);
  CHECK(test.prune("one", {.rows_kept = 3, .logs_kept = 1}).rows == 2);
  CHECK(test.find(*id)->log_path == "one/running.log");
  test.end(*id, success(at(9000)));
  CHECK(test.prune("one", {.logs_kept = 1}).logs == Paths{"one/running.log"});
  CHECK(test.prune("one", {.rows_kept = 3}).rows == 1);
  CHECK_FALSE(test.find(*id));
}

TEST_CASE("logs go before their rows by age and by number") {
  StoreUnderTest test;
  test.open();
  record_runs(test, "one", 6);
  CHECK(test.prune("one", {.logs_since = at(3000)}).logs == Paths{"one/1.log", "one/2.log"});
  CHECK(test.prune("one", {.logs_since = at(3000)}).logs.empty());
  CHECK(test.prune("one", {.logs_since = at(3000), .logs_kept = 3}).logs == Paths{"one/3.log"});
  CHECK(rows_of(test, "one") == 6);
  CHECK(logs_of(test, "one") == 3);
  CHECK(test.prune("one", {.rows_kept = 2}).logs == Paths{"one/4.log"});
}

TEST_CASE("what was skipped does not push out the logs of what ran") {
  StoreUnderTest test;
  test.open();
  record_runs(test, "one", 3);
  for (int i = 0; i < 20; ++i) test.insert(skipped_run("one", at(10'000 + i)));
  CHECK(test.prune("one", {.logs_kept = 2}, 2).logs == Paths{"one/1.log"});
  CHECK(logs_of(test, "one") == 2);
}

TEST_CASE("facts outlive the rows that they come from") {
  StoreUnderTest test;
  test.open();
  const auto ids = record_runs(test, "one", 3);
  record_runs(test, "two", 1);
  const JobFacts before = test.facts_of("one");
  CHECK(test.prune("one", {.rows_kept = 0}).rows == 3);
  test.open();
  const JobFacts after = test.facts_of("one");
  CHECK(after.first_seen_at == at(1000));
  CHECK(after.last_occurrence == at(3000));
  CHECK(after.last_success_run == ids.back());
  CHECK(after.last_success_at == before.last_success_at);
}

TEST_CASE("an occurrence whose row was pruned does not fire again when the clock is set back") {
  StoreUnderTest test;
  test.open();
  record_runs(test, "one", 5);
  test.prune("one", {.rows_kept = 2});
  test.open();
  for (const std::int64_t instant : {1000, 2000, 3000, 4000, 5000}) {
    CHECK_FALSE(test.insert(scheduled_run("one", at(instant))));
    Run caught_up = scheduled_run("one", at(instant));
    caught_up.trigger = Trigger::catch_up;
    CHECK_FALSE(test.insert(caught_up));
  }
  CHECK(test.insert(scheduled_run("one", at(6000))));
  CHECK(test.insert(scheduled_run("two", at(1000))));
  Run manual = scheduled_run("one", at(1000));
  manual.trigger = Trigger::manual;
  CHECK(test.insert(manual));
  manual.scheduled_for.reset();
  CHECK(test.insert(manual));
}

TEST_CASE("no id is given twice although all rows of a job are pruned") {
  StoreUnderTest test;
  test.open();
  const auto ids = record_runs(test, "one", 3);
  test.prune("one", {.rows_kept = 0});
  const auto next = test.insert(scheduled_run("one", at(9000)));
  CHECK(*next > ids.back());
}

TEST_CASE("other writes come in between the steps of a long pruning") {
  StoreUnderTest test;
  test.open();
  record_runs(test, "one", 40);
  record_runs(test, "two", 1);
  const Retention retention{.rows_kept = 0};
  std::vector<std::string> order;
  std::function<void(Pruned)> next = [&](const Pruned& pruned) {
    order.emplace_back("step");
    if (pruned.jobs_done == 0) test.store->prune({{"one", retention}}, 10, next);
  };
  test.store->prune({{"one", retention}}, 10, next);
  test.store->insert(scheduled_run("three", at(1000)), nullptr,
                     [&](std::optional<RunId>) { order.emplace_back("insert"); });
  test.queue.run_until([&] { return order.size() == 6; });
  CHECK(order[1] == "insert");
  CHECK(rows_of(test, "one") == 0);
}

}  // namespace
}  // namespace rota
