#include "supervisor/rules/deadlines.h"

#include <doctest/doctest.h>

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

TEST_CASE("one that is finished in time is not late") {
  Deadlines deadlines;
  deadlines.expect("job", kNoon, kNoon, 1h);
  deadlines.expect("job", kNoon + 10min, kNoon + 10min, 1h);
  deadlines.settled("job", kNoon);
  const auto late = deadlines.take_late(kNoon + 5h);
  REQUIRE(late.size() == 1);
  CHECK(late[0].since == kNoon + 10min);
}

TEST_CASE("a deadline that has passed already is late at once") {
  Deadlines deadlines;
  deadlines.expect("job", kNoon - 3h, kNoon - 3h, 1h);
  CHECK(deadlines.take_late(kNoon).size() == 1);
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

TEST_CASE("a success moves the watch on") {
  Deadlines deadlines;
  deadlines.watch("job", kNoon, 24h, false);
  deadlines.succeeded("job", kNoon + 23h);
  CHECK(deadlines.take_late(kNoon + 46h).empty());
  CHECK(deadlines.take_late(kNoon + 47h).size() == 1);
}

TEST_CASE("what people were told before a restart is not told again") {
  Deadlines deadlines;
  deadlines.watch("job", kNoon, 24h, true);
  CHECK(deadlines.take_late(kNoon + 300h).empty());
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
