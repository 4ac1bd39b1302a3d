// Whether a run that has ended is tried again, and when. Pure.
#pragma once

#include <rota/policies.h>

#include <chrono>
#include <optional>
#include <string_view>

#include "supervisor/run/run.h"

namespace rota {

// The wait before the attempt after `attempt` (from 1), which ended in `state`; nullopt if there is
// none. It is policy.delay, times policy.factor for each further attempt, at most policy.longest_delay,
// moved by a part of up to policy.jitter either way. That part is drawn from `seed`
// and `attempt`, so the same run has the same wait wherever it is asked for.
std::optional<std::chrono::milliseconds> retry_delay(const RetryPolicy& policy, RunState state, int attempt,
                                                     std::string_view seed);

}  // namespace rota
