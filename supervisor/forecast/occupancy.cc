#include "supervisor/forecast/occupancy.h"

#include <algorithm>
#include <chrono>

namespace rota {
namespace {

using std::chrono::minutes;

// Enough to tell a good place from a bad one.
constexpr std::size_t kMostOccurrences = 2000;

}  // namespace

Occupancy::Occupancy(const ForecastInput& input, const Simulation& simulation, std::uint32_t without)
    : input_{input}, job_{without} {
  const ForecastJob& job = input.jobs[without];
  const auto duration = std::min(duration_of(job, Durations::busy, input.assumed_duration), job.timeout);
  // A place that fits to the second would not fit for long.
  run_minutes_ = std::chrono::ceil<minutes>(duration).count() + 1;
  places_ = count(simulation, {});
  const auto limit = input.limits.groups.find(job.group);
  if (job.group.empty() || limit == input.limits.groups.end()) return;
  group_limit_ = limit->second;
  group_ = count(simulation, job.group);
}

std::vector<int> Occupancy::count(const Simulation& simulation, const std::string& group) const {
  const auto size = std::chrono::ceil<minutes>(input_.to - input_.from).count();
  std::vector<int> running(static_cast<std::size_t>(size) + 1, 0);
  const auto minute_of = [&](Instant at, std::int64_t round_up_ms) {
    const std::chrono::milliseconds passed = at - input_.from + std::chrono::milliseconds{round_up_ms};
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(std::chrono::floor<minutes>(passed).count(), 0, size));
  };
  for (const PredictedRun& run : simulation.runs) {
    const ForecastJob& job = input_.jobs[run.job];
    const bool shares = group.empty() ? job.kind == RunKind::process : job.group == group;
    if (!shares || run.job == job_) continue;
    ++running[minute_of(run.started_at, 0)];
    --running[minute_of(run.ended_at, 59'999)];
  }
  for (std::size_t i = 1; i < running.size(); ++i) running[i] += running[i - 1];
  return running;
}

Occupancy::Cost Occupancy::cost(const Schedule& schedule, std::chrono::seconds offset) const {
  Cost cost;
  auto after = std::chrono::floor<std::chrono::seconds>(input_.from) - offset - std::chrono::seconds{1};
  while (cost.occurrences < kMostOccurrences) {
    const auto next = schedule.next_after(after);
    if (!next || Instant{*next} + offset >= input_.to) break;
    add_run(Instant{*next} + offset, cost);
    after = *next;
  }
  return cost;
}

void Occupancy::add_run(Instant start, Cost& cost) const {
  ++cost.occurrences;
  const auto first = std::chrono::floor<minutes>(start - input_.from).count();
  const auto last = std::min(first + run_minutes_, static_cast<std::int64_t>(places_.size()));
  for (auto minute = static_cast<std::size_t>(first); minute < static_cast<std::size_t>(last); ++minute) {
    const int running = places_[minute];
    cost.met += running;
    cost.above_limit += std::max(running + 1 - input_.limits.processes, 0);
    if (!group_.empty()) cost.above_limit += std::max(group_[minute] + 1 - group_limit_, 0);
  }
}

}  // namespace rota
