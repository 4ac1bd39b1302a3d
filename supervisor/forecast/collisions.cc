#include "supervisor/forecast/collisions.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace rota {
namespace {

using Runs = std::vector<const PredictedRun*>;
using Key = std::pair<std::string, std::vector<std::uint32_t>>;

Instant minute_of(const PredictedRun& run) { return std::chrono::floor<std::chrono::minutes>(run.due_at); }

// Keeps of the runs that share places those up to the last one that waits for another of
// them; returns which those are that wait.
Runs take_waiting(Runs& runs, WaitCause cause) {
  std::sort(runs.begin(), runs.end(), [](const PredictedRun* left, const PredictedRun* right) {
    return std::tie(left->started_at, left->due_at, left->job) <
           std::tie(right->started_at, right->due_at, right->job);
  });
  Runs waiting;
  std::size_t involved = 0;
  Instant last_end = Instant::min();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const PredictedRun& run = *runs[i];
    if (run.waited().count() > 0 && run.waits_for == cause && last_end > run.due_at) {
      waiting.push_back(&run);
      involved = i + 1;
    }
    last_end = std::max(last_end, run.ended_at);
  }
  runs.resize(involved);
  return waiting;
}

void add_minute(std::map<Key, Collision>& collisions, const std::string& group, Runs runs) {
  const Runs waiting = take_waiting(runs, group.empty() ? WaitCause::places : WaitCause::group);
  if (waiting.empty()) return;
  std::vector<std::uint32_t> jobs;
  for (const PredictedRun* run : runs) jobs.push_back(run->job);
  std::sort(jobs.begin(), jobs.end());
  jobs.erase(std::unique(jobs.begin(), jobs.end()), jobs.end());
  if (jobs.size() < 2) return;
  Collision& collision = collisions[{group, jobs}];
  if (collision.times++ == 0) {
    collision.jobs = std::move(jobs);
    collision.group = group;
    collision.first_at = minute_of(*runs.front());
  }
  collision.most_waiting = std::max(collision.most_waiting, waiting.size());
  for (const PredictedRun* run : waiting) {
    collision.total_wait += run->waited();
    if (run->waited() <= collision.longest_wait) continue;
    collision.longest_wait = run->waited();
    collision.worst_at = minute_of(*run);
  }
}

}  // namespace

std::vector<Collision> find_collisions(const ForecastInput& input, const Simulation& simulation) {
  std::map<Key, Collision> collisions;
  std::map<std::string, Runs> minute;  // by group; all of them under the empty name
  Instant at{};
  const auto close_minute = [&] {
    for (auto& [group, runs] : minute)
      if (runs.size() > 1) add_minute(collisions, group, std::move(runs));
    minute.clear();
  };
  for (const PredictedRun& run : simulation.runs) {
    const ForecastJob& job = input.jobs[run.job];
    if (job.kind != RunKind::process || run.trigger != Trigger::schedule || !run.ran()) continue;
    if (minute_of(run) != at) close_minute();
    at = minute_of(run);
    minute[""].push_back(&run);
    if (!job.group.empty()) minute[job.group].push_back(&run);
  }
  close_minute();
  std::vector<Collision> sorted;
  sorted.reserve(collisions.size());
  for (auto& [key, collision] : collisions) sorted.push_back(std::move(collision));
  std::stable_sort(sorted.begin(), sorted.end(), [](const Collision& left, const Collision& right) {
    return left.total_wait > right.total_wait;
  });
  return sorted;
}

LongestQueue longest_queue(const Simulation& simulation) {
  LongestQueue longest;
  for (const LoadSlot& slot : simulation.load)
    if (slot.processes.most_waiting > longest.waiting) longest = {slot.processes.most_waiting, slot.begin};
  return longest;
}

}  // namespace rota
