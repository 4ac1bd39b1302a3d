#include "supervisor/rules/retry.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "common/text/hash.h"

namespace rota {
namespace {

bool is_tried_again(const RetryPolicy& policy, RunState state) {
  switch (state) {
    case RunState::failed:
      return policy.on_failed;
    case RunState::timed_out:
      return policy.on_timed_out;
    case RunState::crashed:
      return policy.on_crashed;
    case RunState::lost:
      return policy.on_lost;
    default:
      return false;
  }
}

// From -1 to 1.
double drawn(std::string_view seed, int attempt) {
  constexpr double kSteps = 1 << 20;
  const std::uint64_t hash = stable_hash(seed, static_cast<std::uint64_t>(attempt));
  return 2 * (static_cast<double>(hash >> 44U) / kSteps) - 1;
}

}  // namespace

std::optional<std::chrono::milliseconds> retry_delay(const RetryPolicy& policy, RunState state, int attempt,
                                                     std::string_view seed) {
  if (attempt > policy.limit || !is_tried_again(policy, state)) return std::nullopt;
  const auto longest = static_cast<double>(policy.longest_delay.count());
  const double grown = static_cast<double>(policy.delay.count()) * std::pow(policy.factor, attempt - 1);
  const double moved = std::min(grown, longest) * (1 + policy.jitter * drawn(seed, attempt));
  return std::chrono::milliseconds{static_cast<std::int64_t>(std::clamp(moved, 0.0, longest))};
}

}  // namespace rota
