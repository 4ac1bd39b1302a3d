// Catch-up, misfire grace and spread, row by row of the policy table.
#include <doctest/doctest.h>

#include <string>

#include "supervisor/scheduler/scheduler.h"

namespace rota {
namespace {

using namespace std::chrono_literals;
using Kind = DueOccurrence::Kind;
using Rule = CatchUpPolicy::Rule;

constexpr Instant kMonday = std::chrono::sys_days{std::chrono::year{2026} / 3 / 2};

// m: missed, c: caught up, t: on time.
std::string kinds(const std::vector<DueOccurrence>& due) {
  std::string letters;
  for (const DueOccurrence& each : due)
    letters += each.kind == Kind::missed ? 'm' : each.kind == Kind::catch_up ? 'c' : 't';
  return letters;
}

struct Case {
  std::string what;
  CatchUpPolicy policy;
  std::chrono::seconds grace;
  std::chrono::minutes down_until;  // after Monday 00:00, the last occurrence that has a row
  const char* expected;             // of an hourly job
};

TEST_CASE("what passed unfired is caught up by the policy and the rest is missed") {
  const Case cases[] = {
      {"once: the latest", {Rule::once}, 1min, 4h + 30min, "mmmc"},
      {"once: a single one", {Rule::once}, 1min, 1h + 30min, "c"},
      {"once: one that is on time makes up for the others", {Rule::once}, 1min, 4h, "mmmt"},
      {"skip: none", {Rule::skip}, 1min, 4h + 30min, "mmmm"},
      {"skip: what is on time fires", {Rule::skip}, 1min, 4h, "mmmt"},
      {"all: each", {Rule::all, 10}, 1min, 4h + 30min, "cccc"},
      {"all: at most so many, the latest", {Rule::all, 2}, 1min, 4h + 30min, "mmcc"},
      {"all: beside what is on time", {Rule::all, 2}, 1min, 4h, "mcct"},
      {"the window bounds it, and one row stands for what lies before",
       {Rule::all, 10, 2h},
       1min,
       4h + 30min,
       "mcc"},
      {"within the grace all is on time", {Rule::skip}, 5h, 4h + 30min, "tttt"},
      {"the grace is inclusive", {Rule::skip}, 30min, 4h + 30min, "mmmt"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    const Instant now = kMonday + each.down_until;
    Scheduler scheduler;
    scheduler.add({"job", parse_schedule("every hour"), each.policy, each.grace}, now, kMonday, std::nullopt);
    CHECK(kinds(scheduler.take_due(now)) == each.expected);
    CHECK(scheduler.take_due(now).empty());
    CHECK(scheduler.next_wake_up() > now);
  }
}

TEST_CASE("no occurrence that has not come yet is ever fired") {
  for (const Rule rule : {Rule::once, Rule::skip, Rule::all}) {
    Scheduler scheduler;
    scheduler.add({"job", parse_schedule("every hour"), {rule, 100}}, kMonday, kMonday - 5h, std::nullopt);
    for (const DueOccurrence& each : scheduler.take_due(kMonday)) CHECK(each.scheduled_for <= kMonday);
  }
}

TEST_CASE("the spread delays each occurrence by a fixed time and keeps its name") {
  Scheduler scheduler;
  scheduler.add({"job", parse_schedule("every hour"), {}, 1min, 7min}, kMonday, std::nullopt, std::nullopt);
  CHECK(scheduler.next_wake_up() == kMonday + 7min);
  const auto first = scheduler.take_due(kMonday + 7min);
  REQUIRE(first.size() == 1);
  CHECK(first[0].scheduled_for == kMonday);
  CHECK(first[0].kind == Kind::on_time);
  CHECK(scheduler.next_wake_up() == kMonday + 1h + 7min);
}

TEST_CASE("after a restart a spread job goes on with the occurrence after its last") {
  Scheduler scheduler;
  scheduler.add({"job", parse_schedule("every hour"), {}, 1min, 7min}, kMonday + 8min, kMonday, std::nullopt);
  CHECK(scheduler.take_due(kMonday + 8min).empty());
  CHECK(scheduler.next_wake_up() == kMonday + 1h + 7min);
}

TEST_CASE("a reload keeps the place of an unchanged schedule and begins another one now") {
  Scheduler scheduler;
  scheduler.add({"same", parse_schedule("10 minutes after finish")}, kMonday, std::nullopt, kMonday - 4min);
  scheduler.add({"other", parse_schedule("every hour")}, kMonday, std::nullopt, std::nullopt);
  scheduler.add({"gone", parse_schedule("every minute")}, kMonday, std::nullopt, std::nullopt);
  scheduler.replace({"same", parse_schedule("10 minutes after finish"), {Rule::skip}}, kMonday + 1min);
  scheduler.replace({"other", parse_schedule("every hour at :30")}, kMonday + 1min);
  scheduler.replace({"new", parse_schedule("every hour at :45")}, kMonday + 1min);
  scheduler.remove("gone");
  CHECK(scheduler.next_occurrence("same") == kMonday + 6min);
  CHECK(scheduler.next_occurrence("other") == kMonday + 30min);
  CHECK(scheduler.next_occurrence("new") == kMonday + 45min);
  CHECK_FALSE(scheduler.next_occurrence("gone").has_value());
  CHECK(scheduler.take_due(kMonday + 5min).empty());
  scheduler.add({"gone", parse_schedule("every hour at :50")}, kMonday + 5min, std::nullopt, std::nullopt);
  CHECK(scheduler.take_due(kMonday + 59min).size() == 4);
}

}  // namespace
}  // namespace rota
