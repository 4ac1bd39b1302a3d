#include "supervisor/forecast/collisions.h"

#include <doctest/doctest.h>

#include "tests/supervisor/forecast/forecast_under_test.h"

namespace rota {
namespace {

using namespace std::chrono_literals;
using Jobs = std::vector<std::uint32_t>;

std::vector<Collision> collisions_of(const ForecastInput& input) {
  return find_collisions(input, simulate(input, Durations::usual));
}

TEST_CASE("jobs that are due in one minute and wait for each other collide as often as they meet") {
  auto input = one_day({job("a", "every hour at :05", 10min), job("b", "every 2 hours at :05", 5min),
                        job("c", "every day at 23:30", 5min)});
  const auto collisions = collisions_of(input);
  REQUIRE(collisions.size() == 1);
  CHECK(collisions[0].jobs == Jobs{0, 1});
  CHECK(collisions[0].times == 12);
  CHECK(collisions[0].most_waiting == 1);
  CHECK(collisions[0].longest_wait == 10min);
  CHECK(collisions[0].total_wait == 2h);
  CHECK(collisions[0].first_at == at("2026-11-02T00:05:00Z"));
}

TEST_CASE("the collision that costs most waiting is the first") {
  auto input = one_day({job("a", "every day at 02:00", 1min), job("b", "every day at 02:00", 1min),
                        job("c", "every day at 03:00", 1h), job("d", "every day at 03:00", 1min)});
  const auto collisions = collisions_of(input);
  REQUIRE(collisions.size() == 2);
  CHECK(collisions[0].jobs == Jobs{2, 3});
  CHECK(collisions[1].jobs == Jobs{0, 1});
}

TEST_CASE("jobs with places enough and jobs on threads do not collide") {
  auto input = one_day({job("a", "every day at 02:00", 10min), job("b", "every day at 02:00", 10min)});
  SUBCASE("places") { input.limits.processes = 2; }
  SUBCASE("threads") { input.jobs[0].kind = input.jobs[1].kind = RunKind::thread; }
  CHECK(collisions_of(input).empty());
}

TEST_CASE("who waits for an earlier run is in no collision") {
  auto input = one_day({job("long", "every day at 01:00", 2h), job("later", "every day at 02:00", 10min)});
  CHECK(simulate(input, Durations::usual).runs[1].waited() == 1h);
  CHECK(collisions_of(input).empty());
}

TEST_CASE("jobs of a limited group collide without those that only share the minute") {
  auto input = one_day({job("a", "every day at 02:00", 10min), job("other", "every day at 02:00", 10min),
                        job("b", "every day at 02:00", 10min)});
  input.limits.processes = 8;
  input.limits.groups["database"] = 1;
  input.jobs[0].group = input.jobs[2].group = "database";
  const auto collisions = collisions_of(input);
  REQUIRE(collisions.size() == 1);
  CHECK(collisions[0].jobs == Jobs{0, 2});
  CHECK(collisions[0].group == "database");
}

TEST_CASE("the longest queue is found with its quarter of an hour") {
  auto input = one_day({job("a", "every day at 02:20", 20min), job("b", "every day at 02:21", 10min),
                        job("c", "every day at 02:31", 10min)});
  const auto queue = longest_queue(simulate(input, Durations::usual));
  CHECK(queue.waiting == 2);
  CHECK(queue.slot == at("2026-11-02T02:30:00Z"));
}

}  // namespace
}  // namespace rota
