#include "tests/simulation/simulated_executor.h"

#include <algorithm>
#include <string>

#include "supervisor/executor/head_start.h"

namespace rota::simulation {
namespace {

using std::chrono::milliseconds;

// What an executor says of an end, by its state.
Outcome outcome_of(RunState state, std::optional<StopReason> stopped) {
  Outcome outcome;
  outcome.state = state;
  if (state == RunState::succeeded) return outcome;
  outcome.error_type = to_string(state);
  if (stopped == StopReason::shutdown) outcome.error_type = "shutdown";
  outcome.error_message = "so it was drawn";
  return outcome;
}

}  // namespace

RunState SimulatedExecutor::way_to_end() {
  if (random_.percent(70)) return RunState::succeeded;
  return kind_ == Kind::processes && random_.percent(40) ? RunState::crashed : RunState::failed;
}

void SimulatedExecutor::start(RunRequest request, RunCallbacks callbacks) {
  const RunId id = request.run_id;
  const Instant now = timeline_.now();
  watch_.given(id);
  const milliseconds wait =
      std::clamp(request.starts_at.value_or(now) - now, milliseconds{0}, milliseconds{kHeadStart});
  runs_.emplace(id, Running{std::move(request), std::move(callbacks), {}, std::nullopt});
  if (wait == milliseconds{0}) return begin(id);
  timeline_.after(wait, Timeline::Owner::process, "start of " + std::to_string(id),
                  [this, id] { begin(id); });
}

void SimulatedExecutor::begin(RunId id) {
  const auto found = runs_.find(id);
  if (found == runs_.end() || found->second.stopped) return;
  watch_.started(id);
  found->second.started_at = timeline_.now();
  const bool starts = !random_.percent(2);
  const milliseconds timeout = found->second.request.timeout;
  milliseconds duration = random_.time(milliseconds{10}, timeout * 3);
  if (!starts) duration = milliseconds{0};
  const RunState state = starts ? way_to_end() : RunState::failed;
  timeline_.after(duration, Timeline::Owner::process, "end of " + std::to_string(id),
                  [this, id, state] { end(id, state); });
  if (duration >= timeout)
    timeline_.after(timeout, Timeline::Owner::process, "timeout of " + std::to_string(id),
                    [this, id] { time_out(id); });
}

void SimulatedExecutor::stop(RunId run_id, StopReason reason) {
  const auto found = runs_.find(run_id);
  if (found == runs_.end()) return;
  if (!found->second.stopped) found->second.stopped = reason;
  milliseconds longest = found->second.request.grace;
  // A thread may take its own time.
  if (kind_ == Kind::threads) longest = milliseconds{7'200'000};
  if (found->second.started_at == Instant{}) longest = kHeadStart;
  timeline_.after(random_.time(milliseconds{0}, longest), Timeline::Owner::process,
                  "stop of " + std::to_string(run_id), [this, run_id] { end(run_id, RunState::cancelled); });
}

void SimulatedExecutor::time_out(RunId id) {
  const auto found = runs_.find(id);
  if (found == runs_.end() || found->second.stopped) return;
  stop(id, StopReason::timeout);
  if (kind_ == Kind::threads) watch_.overdue(id, found->second.callbacks.on_overdue);
}

void SimulatedExecutor::end(RunId id, RunState state) {
  const auto found = runs_.find(id);
  if (found == runs_.end()) return;
  Running run = std::move(found->second);
  runs_.erase(found);
  if (run.stopped) state = *run.stopped == StopReason::timeout ? RunState::timed_out : RunState::cancelled;
  Outcome outcome = outcome_of(state, run.stopped);
  outcome.started_at = run.started_at;
  outcome.finished_at = timeline_.now();
  if (run.started_at == Instant{})
    outcome.finished_at = std::max(outcome.finished_at, run.request.starts_at.value());
  run.callbacks.on_outcome(std::move(outcome));
}

}  // namespace rota::simulation
