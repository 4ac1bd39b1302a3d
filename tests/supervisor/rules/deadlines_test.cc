#include "supervisor/rules/deadlines.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace rota {
namespace {

using namespace std::chrono_literals;
using Kind = Lateness::Kind;

constexpr Instant kNoon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + std::chrono::hours{12};

TEST_CASE("an occurrence that is not finished in time is late once") {
  Deadlines deadlines;
  deadlines.expect("job", kNoon, kNoon + 5min, 1h);
  CHECK(deadlines.next_wake_up() == kNoon + 65min);
  CHECK(deadlines.take_late(kNoon + 65min - 1ms).empty());
  const auto late = deadlines.take_late(kNoon + 65min);
  REQUIRE(late.size() == 1);
  CHECK(late[0].job_name == "job");
  CHECK(late[0].kind == Kind::unfinished);
  CHECK(late[0].since == kNoon);
  CHECK(deadlines.take_late(kNoon + 5h).empty());
  CHECK_FALSE(deadlines.next_wake_up());
}

TEST_CASE("an occurrence is late where it has not come to its end in time though it never started") {
  struct Case {
    std::string what;
    std::chrono::minutes scheduled;  // from noon
    std::chrono::minutes due;        // later than scheduled by a spread
    std::optional<std::chrono::minutes> settled;
    std::chrono::minutes now;
    bool late;  // with a limit of an hour
  };
  const Case cases[] = {
      {"before its limit", 0min, 0min, {}, 59min, false},
      {"at its limit", 0min, 0min, {}, 60min, true},
      {"long after it", 0min, 0min, {}, 48h, true},
      {"finished in time", 0min, 0min, 59min, 48h, false},
      {"finished too late", 0min, 0min, 61min, 48h, true},
      {"counted from when it is due", 0min, 30min, {}, 89min, false},
      {"late from when it was due", 0min, 30min, {}, 90min, true},
      {"passed before anybody looked", -3h, -3h, {}, 0min, true},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    Deadlines deadlines;
    deadlines.expect("job", kNoon + each.scheduled, kNoon + each.due, 1h);
    std::size_t told = 0;
    if (each.settled) {
      told = deadlines.take_late(kNoon + *each.settled).size();
      deadlines.settled("job", kNoon + each.scheduled);
    }
    told += deadlines.take_late(kNoon + each.now).size();
    CHECK(told == (each.late ? 1U : 0U));
    CHECK(deadlines.next_wake_up().has_value() == (!each.late && !each.settled));
  }
}

TEST_CASE("the end of an occurrence is not that of another of its job") {
  Deadlines deadlines;
  deadlines.expect("job", kNoon, kNoon, 1h);
  deadlines.expect("job", kNoon + 10min, kNoon + 10min, 1h);
  deadlines.settled("job", kNoon);
  const auto late = deadlines.take_late(kNoon + 5h);
  REQUIRE(late.size() == 1);
  CHECK(late[0].since == kNoon + 10min);
}

TEST_CASE("a job is stale where its last success is too old") {
  struct Case {
    std::string what;
    std::optional<std::chrono::hours> limit;
    std::optional<std::chrono::hours> succeeded;  // from noon, when it is watched with a success of then
    bool told;
    std::chrono::hours now;
    bool stale;
  };
  const Case cases[] = {
      {"before its limit", 24h, {}, false, 23h, false},
      {"at its limit", 24h, {}, false, 24h, true},
      {"a success moves the watch on", 24h, 23h, false, 46h, false},
      {"but only so far", 24h, 23h, false, 47h, true},
      {"told before a restart", 24h, {}, true, 300h, false},
      {"told and recovered and silent again", 24h, 10h, true, 34h, true},
      {"without a limit", {}, {}, false, 300h, false},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    Deadlines deadlines;
    deadlines.watch("job", kNoon, each.limit, each.told);
    if (each.succeeded) deadlines.succeeded("job", kNoon + *each.succeeded);
    CHECK(deadlines.take_late(kNoon + each.now).size() == (each.stale ? 1U : 0U));
  }
}

TEST_CASE("a job whose last success is too old is stale until it succeeds") {
  Deadlines deadlines;
  deadlines.watch("job", kNoon, 24h, false);
  CHECK(deadlines.take_late(kNoon + 23h).empty());
  const auto late = deadlines.take_late(kNoon + 24h);
  REQUIRE(late.size() == 1);
  CHECK(late[0].kind == Kind::stale);
  CHECK(late[0].since == kNoon);
  CHECK(deadlines.take_late(kNoon + 300h).empty());
  deadlines.succeeded("job", kNoon + 300h);
  CHECK(deadlines.next_wake_up() == kNoon + 324h);
}

TEST_CASE("of a job that is gone nothing is expected") {
  Deadlines deadlines;
  deadlines.expect("job", kNoon, kNoon, 1h);
  deadlines.expect("other", kNoon, kNoon, 1h);
  deadlines.watch("job", kNoon, 1h, false);
  deadlines.forget("job");
  const auto late = deadlines.take_late(kNoon + 5h);
  REQUIRE(late.size() == 1);
  CHECK(late[0].job_name == "other");
}

TEST_CASE("late things come in the order of time") {
  Deadlines deadlines;
  deadlines.expect("slow", kNoon, kNoon, 2h);
  deadlines.expect("quick", kNoon + 30min, kNoon + 30min, 1h);
  deadlines.watch("watched", kNoon, 100min, false);
  const auto late = deadlines.take_late(kNoon + 5h);
  REQUIRE(late.size() == 3);
  CHECK(late[0].job_name == "quick");
  CHECK(late[1].job_name == "watched");
  CHECK(late[2].job_name == "slow");
}

TEST_CASE("a clock that is set back gives nothing longer than its limit") {
  Deadlines deadlines;
  deadlines.expect("job", kNoon, kNoon, 1h);
  deadlines.watch("other", kNoon, 2h, false);
  CHECK(deadlines.take_late(kNoon + 1min).empty());
  CHECK(deadlines.take_late(kNoon - 24h).empty());
  CHECK(deadlines.next_wake_up() == kNoon - 23h);
  const auto late = deadlines.take_late(kNoon - 22h);
  REQUIRE(late.size() == 2);
  CHECK(late[0].kind == Kind::unfinished);
  CHECK(late[0].since == kNoon);
  CHECK(late[1].kind == Kind::stale);
  CHECK(late[1].since == kNoon - 24h);
}

}  // namespace
}  // namespace rota
