#include <doctest/doctest.h>

#include "tests/supervisor/store/store_under_test.h"

namespace rota {
namespace {

TEST_CASE("a run is read as it was written and as it ended") {
  StoreUnderTest test;
  test.open();
  Run run = scheduled_run("one", at(1000));
  run.trigger = Trigger::catch_up;
  run.log_path = "one/1.log";
  run.parameters = {{"name", "a \"quoted\" text"}, {"empty", ""}};
  run.requested_by = "somebody";
  const auto id = test.insert(run);
  REQUIRE(id);
  Outcome outcome;
  outcome.state = RunState::crashed;
  outcome.started_at = at(1001);
  outcome.finished_at = at(2002);
  outcome.error_type = "signal";
  outcome.error_message = "SIGSEGV";
  outcome.lines_added = 3;
  outcome.lines_processed = 4;
  outcome.last_entry = "{\"id\":7}";
  outcome.signal = 11;
  outcome.user_cpu_ms = 5;
  outcome.system_cpu_ms = 6;
  outcome.max_rss_kib = 7;
  test.end(*id, outcome);
  const auto found = test.find(*id);
  REQUIRE(found);
  CHECK(found->job_name == "one");
  CHECK(found->trigger == Trigger::catch_up);
  CHECK(found->scheduled_for == at(1000));
  CHECK(found->started_at == at(1001));
  CHECK(found->finished_at == at(2002));
  CHECK(found->success == false);
  CHECK(found->parameters == run.parameters);
  CHECK(found->requested_by == "somebody");
  CHECK(found->log_path == "one/1.log");
  CHECK(found->error_message == "SIGSEGV");
  CHECK(found->lines_added == 3);
  CHECK(found->last_entry == "{\"id\":7}");
  CHECK(found->signal == 11);
  CHECK_FALSE(found->exit_code);
  CHECK(found->max_rss_kib == 7);
  CHECK_FALSE(test.find(*id + 1));
}

TEST_CASE("an occurrence is recorded once and manual runs as often as one likes") {
  StoreUnderTest test;
  test.open();
  CHECK(test.insert(scheduled_run("one", at(1000))));
  CHECK_FALSE(test.insert(scheduled_run("one", at(1000))));
  Run caught_up = scheduled_run("one", at(1000));
  caught_up.trigger = Trigger::catch_up;
  CHECK_FALSE(test.insert(caught_up));
  CHECK(test.insert(scheduled_run("two", at(1000))));
  Run manual = scheduled_run("one", at(1000));
  manual.trigger = Trigger::manual;
  manual.scheduled_for.reset();
  CHECK(test.insert(manual));
  CHECK(test.insert(manual));
  manual.trigger = Trigger::retry;
  manual.scheduled_for = at(1000);
  CHECK(test.insert(manual));
}

TEST_CASE("a run that has ended stays as it is") {
  StoreUnderTest test;
  test.open();
  const auto id = test.insert(scheduled_run("one", at(1000)));
  test.end(*id, success(at(2000)));
  Outcome late;
  late.state = RunState::lost;
  late.finished_at = at(9000);
  test.end(*id, late, {OutboxMail{0, "a@b", "text", 0, at(0)}});
  CHECK(test.find(*id)->state == RunState::succeeded);
  CHECK(test.due_mails(at(10'000)).empty());
}

TEST_CASE("a queued run becomes a running one with its log") {
  StoreUnderTest test;
  test.open();
  Run run = scheduled_run("one", at(1000));
  run.state = RunState::queued;
  run.started_at.reset();
  const auto id = test.insert(run);
  bool done = false;
  test.store->record_started(*id, at(5000), "one/5.log", [&] { done = true; });
  test.queue.run_until([&] { return done; });
  CHECK(test.find(*id)->state == RunState::running);
  CHECK(test.find(*id)->started_at == at(5000));
  CHECK(test.find(*id)->log_path == "one/5.log");
}

TEST_CASE("pages of history come newest first and meet without gap or repetition") {
  StoreUnderTest test;
  test.open();
  for (int i = 0; i < 25; ++i) {
    const auto id = test.insert(scheduled_run(i % 2 == 0 ? "even" : "odd", at(1000 + i)));
    if (i % 5 == 0) test.end(*id, success(at(9000)));
  }
  RunQuery query;
  query.limit = 10;
  std::vector<RunId> seen;
  for (auto page = test.query(query); !page.empty(); page = test.query(query)) {
    for (const Run& run : page) seen.push_back(run.id);
    query.before = page.back().id;
  }
  REQUIRE(seen.size() == 25);
  CHECK(std::is_sorted(seen.rbegin(), seen.rend()));
  RunQuery even;
  even.job_name = "even";
  CHECK(test.query(even).size() == 13);
  RunQuery ended;
  ended.state = RunState::succeeded;
  CHECK(test.query(ended).size() == 5);
  ended.job_name = "odd";
  CHECK(test.query(ended).size() == 2);
}

TEST_CASE("what was running is found as lost until it has been recorded") {
  StoreUnderTest test;
  test.open();
  const auto running = test.insert(scheduled_run("one", at(1000)));
  Run waiting = scheduled_run("two", at(1000));
  waiting.state = RunState::queued;
  waiting.parameters = {{"a", "b"}};
  const auto queued = test.insert(waiting);
  test.open();
  const auto recovery = test.store->recover(at(7000));
  REQUIRE(recovery.lost.size() == 1);
  CHECK(recovery.lost[0].id == *running);
  CHECK(recovery.lost[0].state == RunState::lost);
  CHECK(recovery.lost[0].finished_at == at(7000));
  REQUIRE(recovery.queued.size() == 1);
  CHECK(recovery.queued[0].id == *queued);
  CHECK(recovery.queued[0].parameters == waiting.parameters);
  test.open();
  CHECK(test.store->recover(at(8000)).lost.size() == 1);
  Outcome lost;
  lost.state = RunState::lost;
  lost.finished_at = at(8000);
  test.end(*running, lost);
  test.open();
  CHECK(test.store->recover(at(9000)).lost.empty());
}

TEST_CASE("a job's history tells where its calendar goes on") {
  StoreUnderTest test;
  test.open();
  for (const std::int64_t instant : {3000, 1000, 2000}) {
    const auto id = test.insert(scheduled_run("one", at(instant)));
    Outcome outcome = success(at(instant + 500));
    outcome.last_entry = std::to_string(instant);
    test.end(*id, outcome);
  }
  Run manual = scheduled_run("two", at(0));
  manual.trigger = Trigger::manual;
  manual.scheduled_for.reset();
  test.insert(manual);
  const auto histories = test.store->histories();
  REQUIRE(histories.size() == 2);
  CHECK(histories[0].job_name == "one");
  CHECK(histories[0].last_occurrence == at(3000));
  CHECK(histories[0].last_entry == "2000");
  CHECK(histories[0].last_finished_at == at(2500));
  CHECK_FALSE(histories[1].last_occurrence);
}

TEST_CASE("mails and alarms are committed with the outcome and survive a restart") {
  StoreUnderTest test;
  test.open();
  const auto id = test.insert(scheduled_run("one", at(1000)));
  const AlarmState alarm{"one", true, 3, at(1000), at(2000)};
  test.end(*id, success(at(2000)),
           {OutboxMail{0, "a@b,c@d", "first", 0, at(100)}, OutboxMail{0, "a@b", "later", 0, at(900)}}, alarm);
  test.open();
  REQUIRE(test.store->alarms().size() == 1);
  CHECK(test.store->alarms()[0].failures_since_mail == 3);
  CHECK(test.due_mails(at(50)).empty());
  auto due = test.due_mails(at(500));
  REQUIRE(due.size() == 1);
  CHECK(due[0].message == "first");
  bool done = false;
  test.store->postpone_mail(due[0].id, at(2000), "no answer", [&] { done = true; });
  test.queue.run_until([&] { return done; });
  due = test.due_mails(at(3000));
  REQUIRE(due.size() == 2);
  CHECK(due[0].message == "later");
  CHECK(due[1].attempts == 1);
  done = false;
  test.store->remove_mail(due[1].id, [&] { done = true; });
  test.queue.run_until([&] { return done; });
  CHECK(test.due_mails(at(3000)).size() == 1);
}

}  // namespace
}  // namespace rota
