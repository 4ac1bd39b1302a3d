#include "supervisor/scheduler/scheduler.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace rota {
namespace {

using namespace std::chrono_literals;
using Kind = DueOccurrence::Kind;

// 2026-03-02 is a Monday.
constexpr Instant kMonday = std::chrono::sys_days{std::chrono::year{2026} / 3 / 2};

ScheduledJob job_of(const std::string& name, const std::string& schedule) {
  return {name, parse_schedule(schedule)};
}

Scheduler with_job(const std::string& schedule, Instant now, std::optional<Instant> last_occurrence = {}) {
  Scheduler scheduler;
  scheduler.add(job_of("job", schedule), now, last_occurrence, std::nullopt);
  return scheduler;
}

TEST_CASE("the next wake-up is exactly the next occurrence") {
  const Scheduler scheduler = with_job("every day at 02:20", kMonday);
  CHECK(scheduler.next_wake_up() == kMonday + 2h + 20min);
}

TEST_CASE("nothing is due before its instant and one occurrence is due at it") {
  Scheduler scheduler = with_job("every day at 02:20", kMonday);
  CHECK(scheduler.take_due(kMonday + 2h + 20min - 1ms).empty());
  const auto due = scheduler.take_due(kMonday + 2h + 20min);
  REQUIRE(due.size() == 1);
  CHECK(due[0].scheduled_for == kMonday + 2h + 20min);
  CHECK(due[0].kind == Kind::on_time);
  CHECK(scheduler.take_due(kMonday + 2h + 20min).empty());
  CHECK(scheduler.next_wake_up() == kMonday + 26h + 20min);
}

TEST_CASE("a late loop within the grace drops nothing") {
  Scheduler scheduler = with_job("every 10 seconds", kMonday);
  const auto due = scheduler.take_due(kMonday + 45s);
  CHECK(due.size() == 4);
  CHECK(std::all_of(due.begin(), due.end(), [](const auto& item) { return item.kind == Kind::on_time; }));
}

TEST_CASE("a calendar that had no occurrence before the downtime goes on from its beginning") {
  Scheduler scheduler;
  scheduler.add(job_of("job", "every hour"), kMonday + 3h, std::nullopt, std::nullopt, kMonday + 90min);
  const auto due = scheduler.take_due(kMonday + 3h);
  REQUIRE(due.size() == 2);
  CHECK(due[0].scheduled_for == kMonday + 2h);
}

TEST_CASE(
    "an occurrence that stands for later ones has a next one until the instant through which they are "
    "missed") {
  Scheduler scheduler = with_job("every hour", kMonday);
  const DueOccurrence first{"job", kMonday + 1h, Kind::missed, kMonday + 3h};
  const auto second = scheduler.missed_after(first);
  REQUIRE(second);
  CHECK(second->scheduled_for == kMonday + 2h);
  CHECK(second->kind == Kind::missed);
  CHECK(second->missed_through == kMonday + 3h);
  CHECK_FALSE(scheduler.missed_after(*second));
  CHECK_FALSE(scheduler.missed_after({"job", kMonday + 1h, Kind::missed, std::nullopt}));
}

TEST_CASE("a fixed delay goes on from an occurrence that was skipped after the last finish") {
  Scheduler scheduler;
  scheduler.add(job_of("job", "2 hours after finish"), kMonday + 3h, kMonday + 2h, kMonday);
  CHECK(scheduler.next_wake_up() == kMonday + 4h);
}

TEST_CASE("a fixed delay waits for the end of a run that is active") {
  Scheduler scheduler;
  scheduler.add(job_of("job", "10 minutes after finish"), kMonday, std::nullopt, kMonday - 1h);
  scheduler.begun("job");
  CHECK(scheduler.take_due(kMonday).empty());
  scheduler.finished("job", kMonday + 5min);
  CHECK(scheduler.next_wake_up() == kMonday + 15min);
}

TEST_CASE("after downtime the latest occurrence is caught up and the others are missed") {
  Scheduler scheduler = with_job("every hour", kMonday + 6h + 30min, kMonday + 2h);
  const auto due = scheduler.take_due(kMonday + 6h + 30min);
  REQUIRE(due.size() == 4);
  CHECK(due[0].scheduled_for == kMonday + 3h);
  CHECK(due[0].kind == Kind::missed);
  CHECK(due[2].kind == Kind::missed);
  CHECK(due[3].scheduled_for == kMonday + 6h);
  CHECK(due[3].kind == Kind::catch_up);
  CHECK(scheduler.next_wake_up() == kMonday + 7h);
}

TEST_CASE("what lies before the catch-up window is one missed row that says how far it reaches") {
  Scheduler scheduler = with_job("every hour", kMonday + 72h + 30min, kMonday);
  const auto due = scheduler.take_due(kMonday + 72h + 30min);
  REQUIRE(due.size() == 25);
  CHECK(due[0].scheduled_for == kMonday + 1h);
  CHECK(due[0].kind == Kind::missed);
  CHECK(due[0].missed_through == kMonday + 48h + 30min);
  CHECK(due[1].scheduled_for == kMonday + 49h);
  CHECK(due.back().kind == Kind::catch_up);
}

TEST_CASE("years of downtime of a job of seconds are accounted for in bounded rows") {
  Scheduler scheduler = with_job("every 1 second", kMonday + 24h * 365 * 5, kMonday);
  CHECK(scheduler.take_due(kMonday + 24h * 365 * 5).size() <= 24 * 3600 + 2);
}

TEST_CASE("a job that is new does not catch up the past") {
  Scheduler scheduler = with_job("every hour", kMonday + 30min);
  CHECK(scheduler.take_due(kMonday + 30min).empty());
}

TEST_CASE("a clock set back brings the occurrences after it up again for the store to refuse") {
  Scheduler scheduler = with_job("every hour", kMonday);
  CHECK(scheduler.take_due(kMonday + 1h).size() == 1);
  CHECK(scheduler.take_due(kMonday + 30min).empty());
  CHECK(scheduler.next_wake_up() == kMonday + 1h);
}

TEST_CASE("a row from a clock that was ahead does not silence its job") {
  const Scheduler scheduler = with_job("every hour", kMonday, kMonday + 24h * 365);
  CHECK(scheduler.next_wake_up() == kMonday + 1h);
}

TEST_CASE("a fixed delay that never ran is due at once and then waits for its finish") {
  Scheduler scheduler = with_job("10 minutes after finish", kMonday);
  CHECK(scheduler.take_due(kMonday).size() == 1);
  CHECK_FALSE(scheduler.next_wake_up().has_value());
  CHECK(scheduler.take_due(kMonday + 5h).empty());
  scheduler.finished("job", kMonday + 5h);
  CHECK(scheduler.next_wake_up() == kMonday + 5h + 10min);
}

TEST_CASE("a fixed delay goes on from the last finish after a restart") {
  Scheduler scheduler;
  scheduler.add(job_of("job", "10 minutes after finish"), kMonday, std::nullopt, kMonday - 4min);
  CHECK(scheduler.next_wake_up() == kMonday + 6min);
}

TEST_CASE("the end of a run shifts no calendar schedule") {
  Scheduler scheduler = with_job("every hour", kMonday);
  scheduler.finished("job", kMonday + 59min);
  CHECK(scheduler.next_wake_up() == kMonday + 1h);
}

TEST_CASE("occurrences of many jobs come in the order of time") {
  Scheduler scheduler;
  scheduler.add(job_of("late", "every day at 00:00:30"), kMonday, std::nullopt, std::nullopt);
  scheduler.add(job_of("early", "every day at 00:00:10"), kMonday, std::nullopt, std::nullopt);
  const auto due = scheduler.take_due(kMonday + 40s);
  REQUIRE(due.size() == 2);
  CHECK(due[0].job_name == "early");
  CHECK(due[1].job_name == "late");
}

TEST_CASE(
    "of a crowd that is due at one instant each job comes once, in the order in which they were added") {
  constexpr int kJobs = 500;
  const auto name_of = [](int number) { return "job " + std::to_string(number); };
  Scheduler scheduler;
  for (int i = 0; i < kJobs; ++i)
    scheduler.add(job_of(name_of(i), "every day at 02:00"), kMonday, std::nullopt, std::nullopt);
  std::vector<std::string> expected;
  for (int i = 0; i < kJobs; ++i) {
    if (i % 7 == 0) {
      scheduler.remove(name_of(i));
    } else if (i % 7 == 1) {
      scheduler.replace(job_of(name_of(i), "every day at 03:00"), kMonday);
    } else {
      expected.push_back(name_of(i));
    }
  }
  for (int day = 0; day < 3; ++day) {
    std::vector<std::string> due;
    for (const DueOccurrence& each : scheduler.take_due(kMonday + day * 24h + 2h))
      due.push_back(each.job_name);
    CHECK(due == expected);
    CHECK(scheduler.next_wake_up() == kMonday + day * 24h + 3h);
    CHECK(scheduler.take_due(kMonday + day * 24h + 3h).size() == (kJobs + 5) / 7);
  }
  CHECK(scheduler.take_due(kMonday + 2h).empty());
  CHECK(scheduler.next_wake_up() == kMonday + 3h);
  CHECK(scheduler.take_due(kMonday + 26h).size() == expected.size() + (kJobs + 5) / 7);
}

TEST_CASE("the job that is due first is known until it is due later or has gone") {
  Scheduler scheduler;
  CHECK_FALSE(scheduler.next_job());
  scheduler.add(job_of("late", "every day at 03:00"), kMonday, std::nullopt, std::nullopt);
  scheduler.add(job_of("early", "every day at 02:00"), kMonday, std::nullopt, std::nullopt);
  CHECK(scheduler.next_job() == "early");
  scheduler.take_due(kMonday + 2h);
  CHECK(scheduler.next_job() == "late");
  scheduler.remove("late");
  CHECK(scheduler.next_job() == "early");
  scheduler.remove("early");
  CHECK_FALSE(scheduler.next_job());
}

TEST_CASE("what was taken before its time is not due in it") {
  Scheduler scheduler = with_job("every hour", kMonday);
  scheduler.take_due(kMonday + 1h - 10ms);
  const DueOccurrence early = scheduler.take_next();
  CHECK(early.job_name == "job");
  CHECK(early.scheduled_for == kMonday + 1h);
  CHECK(early.kind == Kind::on_time);
  CHECK(scheduler.take_due(kMonday + 1h).empty());
  CHECK(scheduler.next_wake_up() == kMonday + 2h);
}

TEST_CASE(
    "what was taken before its time comes up again for the store to refuse when the clock is set back") {
  Scheduler scheduler = with_job("every hour", kMonday);
  scheduler.take_due(kMonday + 1h - 10ms);
  scheduler.take_next();
  CHECK(scheduler.take_due(kMonday + 30min).empty());
  CHECK(scheduler.next_wake_up() == kMonday + 1h);
}

TEST_CASE("what is taken before its time is recorded under the schedule's own instant") {
  Scheduler scheduler;
  ScheduledJob job = job_of("job", "every hour");
  job.spread_offset = 5min;
  scheduler.add(job, kMonday, std::nullopt, std::nullopt);
  CHECK(scheduler.next_wake_up() == kMonday + 5min);
  CHECK(scheduler.take_next().scheduled_for == kMonday);
}

TEST_CASE("a schedule that has ended has no wake-up") {
  const Scheduler scheduler = with_job("every day at 09:00 until 2020-01-01", kMonday);
  CHECK_FALSE(scheduler.next_wake_up().has_value());
  CHECK_FALSE(scheduler.next_occurrence("job").has_value());
}

}  // namespace
}  // namespace rota
