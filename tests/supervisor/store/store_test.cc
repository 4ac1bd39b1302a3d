#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

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
  run.retry_of = 77;
  run.not_before = at(1500);
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
  CHECK(found->retry_of == 77);
  CHECK(found->not_before == at(1500));
  CHECK_FALSE(found->late_since);
  CHECK(found->log_path == "one/1.log");
  CHECK(found->error_message == "SIGSEGV");
  CHECK(found->lines_added == 3);
  CHECK(found->last_entry == "{\"id\":7}");
  CHECK(found->signal == 11);
  CHECK_FALSE(found->exit_code);
  CHECK(found->max_rss_kib == 7);
  CHECK_FALSE(test.find(*id + 1));
}

// Of the write-ahead log: frames of 24 bytes and a page, of which the last of a transaction says how large
// the database is, https://www.sqlite.org/fileformat2.html, section 4.1.
int transactions_in_log(const std::filesystem::path& database) {
  std::ifstream file{database.string() + "-wal", std::ios::binary};
  const std::string log{std::istreambuf_iterator<char>{file}, {}};
  constexpr std::size_t kHeader = 32;
  constexpr std::size_t kFrame = 24 + 4096;
  int count = 0;
  for (std::size_t at = kHeader; at + kFrame <= log.size(); at += kFrame)
    if (log.substr(at + 4, 4) != std::string(4, '\0')) ++count;
  return count;
}

TEST_CASE("what one turn of the event loop writes is one transaction") {
  StoreUnderTest test;
  test.open();
  test.insert(scheduled_run("first", at(1000)));
  const int before = transactions_in_log(test.file);
  int answered = 0;
  for (int i = 0; i < 20; ++i)
    test.store->insert(scheduled_run("job_" + std::to_string(i), at(2000)), nullptr,
                       [&](auto) { ++answered; });
  test.queue.run_until([&] { return answered == 20; });
  CHECK(transactions_in_log(test.file) == before + 1);
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
  Consequences consequences;
  consequences.mails = {OutboxMail{0, "a@b", "text", 0, at(0)}};
  consequences.alarm = AlarmState{"one", true, 1, at(9000), at(9000), false};
  consequences.retry = scheduled_run("one", at(1000));
  consequences.retry->trigger = Trigger::retry;
  CHECK_FALSE(test.end(*id, ended(RunState::lost, at(9000)), consequences));
  CHECK(test.find(*id)->state == RunState::succeeded);
  CHECK(test.due_mails(at(10'000)).empty());
  CHECK(test.store->alarms().empty());
  CHECK(test.query({}).size() == 1);
  CHECK(test.facts_of("one").last_finished_at == at(2000));
}

TEST_CASE("a further attempt is committed with the outcome and waits across a restart") {
  StoreUnderTest test;
  test.open();
  const auto first = test.insert(scheduled_run("one", at(1000)));
  Consequences consequences;
  consequences.retry = scheduled_run("one", at(1000));
  Run& retry = *consequences.retry;
  retry.trigger = Trigger::retry;
  retry.attempt = 2;
  retry.state = RunState::queued;
  retry.started_at.reset();
  retry.queued_at = at(2000);
  retry.not_before = at(60'000);
  retry.parameters = {{"a", "b"}};
  const auto second = test.end(*first, ended(RunState::failed, at(2000)), consequences);
  REQUIRE(second);
  test.open();
  const auto recovery = test.store->recover(at(3000));
  CHECK(recovery.lost.empty());
  REQUIRE(recovery.queued.size() == 1);
  const Run& found = recovery.queued[0];
  CHECK(found.id == *second);
  CHECK(found.trigger == Trigger::retry);
  CHECK(found.attempt == 2);
  CHECK(found.retry_of == *first);
  CHECK(found.not_before == at(60'000));
  CHECK(found.scheduled_for == at(1000));
  CHECK(found.parameters == retry.parameters);
  CHECK(found.log_path.empty());
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
  test.end(*running, ended(RunState::lost, at(8000)));
  test.open();
  CHECK(test.store->recover(at(9000)).lost.empty());
}

TEST_CASE("history since an instant holds what was queued then or later") {
  StoreUnderTest test;
  test.open();
  CHECK(test.query({.since = at(5)}).empty());
  for (int i = 0; i < 30; ++i) {
    const auto id = test.insert(scheduled_run(i % 2 == 0 ? "even" : "odd", at(1000 + 10 * i)));
    test.end(*id, i % 3 == 0 ? ended(RunState::failed, at(9000)) : success(at(9000)));
  }
  test.prune("even", {.rows_since = at(1095)});
  for (const std::int64_t since : {0, 999, 1095, 1100, 1101, 1289, 1290, 1291, 5000}) {
    CAPTURE(since);
    RunQuery query{.since = at(since)};
    std::size_t expected = 0;
    for (const Run& run : test.query({})) expected += run.queued_at >= at(since) ? 1 : 0;
    CHECK(test.query(query).size() == expected);
    expected = 0;
    query.job_name = "odd";
    query.state = RunState::failed;
    for (const Run& run : test.query({.job_name = "odd", .state = RunState::failed}))
      expected += run.queued_at >= at(since) ? 1 : 0;
    CHECK(test.query(query).size() == expected);
  }
  CHECK(test.query({.job_name = "odd", .state = RunState::failed}).size() == 5);
  CHECK(test.query({.job_name = "odd", .state = RunState::succeeded}).size() == 10);
  CHECK(test.query({.job_name = "odd", .state = RunState::running}).empty());
}

TEST_CASE("mails and alarms are committed with the outcome and survive a restart") {
  StoreUnderTest test;
  test.open();
  const auto id = test.insert(scheduled_run("one", at(1000)));
  Consequences consequences;
  consequences.mails = {OutboxMail{0, "a@b,c@d", "first", 0, at(100)},
                        OutboxMail{0, "a@b", "later", 0, at(900)}};
  consequences.alarm = AlarmState{"one", true, 3, at(1000), at(2000), true};
  test.end(*id, success(at(2000)), consequences);
  test.open();
  REQUIRE(test.store->alarms().size() == 1);
  CHECK(test.store->alarms()[0].failures_since_mail == 3);
  CHECK(test.store->alarms()[0].stale);
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

TEST_CASE("a run that was announced as late keeps the first time of it") {
  StoreUnderTest test;
  test.open();
  const auto id = test.insert(scheduled_run("one", at(1000)));
  const std::vector<OutboxMail> mails{{0, "a@b", "late", 0, at(0)}};
  const Announced late{.late = Announced::Occurrence{"one", at(1000)}};
  test.wait_for(&RunStore::record_alarm, mails, std::optional<AlarmState>{}, late, at(5000));
  test.wait_for(&RunStore::record_alarm, mails, std::optional<AlarmState>{}, late, at(6000));
  CHECK(test.find(*id)->late_since == at(5000));
  CHECK(test.due_mails(at(9000)).size() == 2);
}

TEST_CASE("a further attempt of a run that was announced as late is late too") {
  StoreUnderTest test;
  test.open();
  const auto id = test.insert(scheduled_run("one", at(1000)));
  test.wait_for(&RunStore::record_alarm, std::vector<OutboxMail>{}, std::optional<AlarmState>{},
                Announced{.late = Announced::Occurrence{"one", at(1000)}}, at(5000));
  Consequences consequences;
  consequences.retry = scheduled_run("one", at(1000));
  consequences.retry->trigger = Trigger::retry;
  const auto second = test.end(*id, ended(RunState::failed, at(6000)), consequences);
  CHECK(test.find(*second)->late_since == at(5000));
}

TEST_CASE("a lost run of which people know that it is overdue says so") {
  StoreUnderTest test;
  test.open();
  const auto id = test.insert(scheduled_run("one", at(1000)));
  test.wait_for(&RunStore::record_alarm, std::vector<OutboxMail>{}, std::optional<AlarmState>{},
                Announced{.overdue = id}, at(5000));
  test.open();
  const auto lost = test.store->recover(at(9000)).lost;
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].overdue_since == at(5000));
}

TEST_CASE("a pause lasts until it is lifted and a second one changes nothing") {
  StoreUnderTest test;
  test.open();
  test.wait_for(&RunStore::record_pause, Pause{Pause::Scope::all, "", "root", at(1000)});
  test.wait_for(&RunStore::record_pause, Pause{Pause::Scope::all, "", "another", at(2000)});
  test.wait_for(&RunStore::record_pause, Pause{Pause::Scope::job, "one", "root", at(3000)});
  test.wait_for(&RunStore::record_pause, Pause{Pause::Scope::group, "one", "root", at(4000)});
  test.open();
  auto pauses = test.store->pauses();
  REQUIRE(pauses.size() == 3);
  CHECK(pauses[0].scope == Pause::Scope::all);
  CHECK(pauses[0].name.empty());
  CHECK(pauses[0].paused_by == "root");
  CHECK(pauses[0].paused_at == at(1000));
  CHECK(pauses[1].scope == Pause::Scope::group);
  CHECK(pauses[2].scope == Pause::Scope::job);
  test.wait_for(&RunStore::record_resume, Pause::Scope::all, std::string{});
  test.wait_for(&RunStore::record_resume, Pause::Scope::group, std::string{"one"});
  pauses = test.store->pauses();
  REQUIRE(pauses.size() == 1);
  CHECK(pauses[0].scope == Pause::Scope::job);
  CHECK(pauses[0].name == "one");
}

}  // namespace
}  // namespace rota
