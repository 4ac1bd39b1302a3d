#include "supervisor/rules/retry.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace rota {
namespace {

using namespace std::chrono_literals;

RetryPolicy of(int limit, std::chrono::milliseconds delay, double factor, std::chrono::milliseconds longest) {
  RetryPolicy policy;
  policy.limit = limit;
  policy.delay = delay;
  policy.factor = factor;
  policy.longest_delay = longest;
  policy.jitter = 0;
  return policy;
}

TEST_CASE("the wait grows by its factor up to the longest and ends with the limit") {
  struct Case {
    std::string what;
    RetryPolicy policy;
    std::vector<std::chrono::milliseconds> waits;  // after each attempt, and then none
  };
  const Case cases[] = {
      {"without a limit there is none", RetryPolicy{}, {}},
      {"one", of(1, 10s, 2, 1h), {10s}},
      {"always the same", of(3, 10s, 1, 1h), {10s, 10s, 10s}},
      {"exponential up to the longest", of(5, 10s, 3, 2min), {10s, 30s, 90s, 2min, 2min}},
      {"a broken factor", of(3, 1s, 1.5, 1h), {1s, 1500ms, 2250ms}},
      {"the longest from the first", of(2, 10s, 2, 10s), {10s, 10s}},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    int attempt = 1;
    for (const std::chrono::milliseconds wait : each.waits)
      CHECK(retry_delay(each.policy, RunState::failed, attempt++, "job/1") == wait);
    CHECK_FALSE(retry_delay(each.policy, RunState::failed, attempt, "job/1"));
  }
}

TEST_CASE("only failures that the policy names are tried again") {
  struct Case {
    RunState state;
    bool by_default;
    bool RetryPolicy::*on;
  };
  const Case cases[] = {{RunState::failed, true, &RetryPolicy::on_failed},
                        {RunState::timed_out, true, &RetryPolicy::on_timed_out},
                        {RunState::crashed, true, &RetryPolicy::on_crashed},
                        {RunState::lost, true, &RetryPolicy::on_lost},
                        {RunState::succeeded, false, nullptr},
                        {RunState::cancelled, false, nullptr},
                        {RunState::skipped, false, nullptr},
                        {RunState::missed, false, nullptr}};
  for (const Case& each : cases) {
    CAPTURE(to_string(each.state));
    RetryPolicy policy = of(1, 1s, 1, 1h);
    CHECK(retry_delay(policy, each.state, 1, "").has_value() == each.by_default);
    if (!each.on) continue;
    policy.*each.on = false;
    CHECK_FALSE(retry_delay(policy, each.state, 1, ""));
  }
}

TEST_CASE("jitter moves a wait within its part and is the same for the same run") {
  RetryPolicy policy = of(1, 100s, 1, 1h);
  policy.jitter = 0.2;
  bool differs = false;
  for (int run = 0; run < 1000; ++run) {
    const std::string seed = "job/" + std::to_string(run);
    const auto delay = retry_delay(policy, RunState::failed, 1, seed);
    REQUIRE(delay);
    CHECK(*delay >= 80s);
    CHECK(*delay <= 120s);
    CHECK(delay == retry_delay(policy, RunState::failed, 1, seed));
    differs = differs || *delay != 100s;
  }
  CHECK(differs);
}

TEST_CASE("a factor that overflows every clock stays at the longest wait") {
  CHECK(retry_delay(of(1000, 1s, 10, 1h), RunState::failed, 999, "") == 1h);
}

}  // namespace
}  // namespace rota
