#include "supervisor/forecast/spacing.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "supervisor/forecast/better_place.h"
#include "supervisor/forecast/collisions.h"
#include "supervisor/forecast/waiting.h"

namespace rota {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Jobs = std::vector<std::uint32_t>;

// Over all steps, each of which is a simulation: so that the search takes about as long as a large
// forecast.
constexpr std::size_t kMostOccurrencesLookedAt = 2'000'000;
constexpr std::size_t kMostSuggestions = 20;
// Of so many jobs with one schedule no single one is worth moving; a spread moves them all.
constexpr std::size_t kManyJobs = 8;

std::size_t skipped(const Simulation& simulation) {
  return std::accumulate(simulation.skips.begin(), simulation.skips.end(), std::size_t{0},
                         [](std::size_t sum, const PredictedSkips& skips) { return sum + skips.count; });
}

class Search {
 public:
  Search(const ForecastInput& input, const Simulation& simulation);

  Spacing run();

 private:
  struct Trial {
    ForecastInput input;
    Simulation simulation;
    milliseconds waiting{0};
  };

  bool may_go_on();
  void spread_together();
  void move_one(std::uint32_t index);
  std::vector<Jobs> with_one_schedule() const;
  std::optional<std::uint32_t> next_to_move() const;
  Trial simulated(ForecastInput input) const;
  bool accept(Trial trial, Suggestion suggestion);

  ForecastInput input_;
  Simulation simulation_;
  std::vector<bool> tried_;
  std::size_t looked_at_ = 0;
  milliseconds least_{0};
  Spacing spacing_;
};

Search::Search(const ForecastInput& input, const Simulation& simulation)
    : input_{input}, simulation_{simulation}, tried_(input.jobs.size(), false) {
  spacing_.waiting_before = spacing_.waiting_after = total_waiting(input, simulation, RunKind::process);
  least_ = std::max<milliseconds>(spacing_.waiting_before / 100, seconds{1});
}

Spacing Search::run() {
  if (spacing_.waiting_before.count() == 0) return std::move(spacing_);
  if (input_.spread_offset) spread_together();
  while (const auto index = next_to_move()) {
    if (!may_go_on()) break;
    move_one(*index);
  }
  return std::move(spacing_);
}

bool Search::may_go_on() {
  looked_at_ += simulation_.runs.size() + skipped(simulation_);
  spacing_.gave_up = looked_at_ > kMostOccurrencesLookedAt || spacing_.suggestions.size() == kMostSuggestions;
  return !spacing_.gave_up;
}

// The jobs of the collisions that share a schedule, where they are many.
std::vector<Jobs> Search::with_one_schedule() const {
  std::map<std::string, Jobs> jobs;
  std::set<std::uint32_t> seen;
  for (const Collision& collision : find_collisions(input_, simulation_))
    for (const std::uint32_t index : collision.jobs) {
      const ForecastJob& job = input_.jobs[index];
      if (!seen.insert(index).second || !job.schedule || job.spread_offset.count() > 0) continue;
      jobs[to_string(*job.schedule)].push_back(index);
    }
  std::vector<Jobs> many;
  for (auto& [text, indices] : jobs)
    if (indices.size() >= kManyJobs) many.push_back(std::move(indices));
  std::stable_sort(many.begin(), many.end(),
                   [](const Jobs& left, const Jobs& right) { return left.size() > right.size(); });
  return many;
}

void Search::spread_together() {
  for (const Jobs& jobs : with_one_schedule()) {
    const seconds interval = interval_of(input_.jobs[jobs.front()].schedule.value(), input_.from);
    std::optional<Trial> best;
    seconds best_window{0};
    for (const seconds window :
         {std::chrono::minutes{10}, std::chrono::minutes{30}, std::chrono::minutes{1}}) {
      if (window > interval) continue;
      if (!may_go_on()) break;
      ForecastInput changed = input_;
      for (const std::uint32_t index : jobs)
        changed.jobs[index].spread_offset = input_.spread_offset(changed.jobs[index].name, window);
      Trial trial = simulated(std::move(changed));
      if (best && trial.waiting >= best->waiting) continue;
      best = std::move(trial);
      best_window = window;
    }
    if (!best || !accept(*std::move(best), {jobs, std::nullopt, best_window, {}, {}})) continue;
    for (const std::uint32_t index : jobs) tried_[index] = true;
  }
}

// The job of a collision that has not been tried and is to move first.
std::optional<std::uint32_t> Search::next_to_move() const {
  std::vector<std::size_t> runs(input_.jobs.size(), 0);
  for (const PredictedRun& run : simulation_.runs) ++runs[run.job];
  const auto rank = [&](std::uint32_t index) {
    return std::tuple{duration_of(input_.jobs[index], Durations::usual, input_.assumed_duration), runs[index],
                      index};
  };
  std::optional<std::uint32_t> first;
  for (const Collision& collision : find_collisions(input_, simulation_))
    for (const std::uint32_t index : collision.jobs)
      if (!tried_[index] && (!first || rank(index) < rank(*first))) first = index;
  return first;
}

void Search::move_one(std::uint32_t index) {
  tried_[index] = true;
  const auto place = best_place(input_, simulation_, index);
  if (!place) return;
  ForecastInput changed = input_;
  changed.jobs[index].schedule = place->schedule;
  changed.jobs[index].spread_offset = place->offset;
  Suggestion suggestion{{index}, std::nullopt, place->spread, {}, {}};
  if (!place->spread) suggestion.schedule = place->schedule;
  accept(simulated(std::move(changed)), std::move(suggestion));
}

Search::Trial Search::simulated(ForecastInput input) const {
  Trial trial{std::move(input), {}, {}};
  trial.simulation = simulate(trial.input, Durations::usual);
  trial.waiting = total_waiting(trial.input, trial.simulation, RunKind::process);
  return trial;
}

bool Search::accept(Trial trial, Suggestion suggestion) {
  if (trial.waiting > spacing_.waiting_after - least_) return false;
  if (skipped(trial.simulation) > skipped(simulation_)) return false;
  suggestion.waiting_before = std::exchange(spacing_.waiting_after, trial.waiting);
  suggestion.waiting_after = trial.waiting;
  spacing_.suggestions.push_back(std::move(suggestion));
  input_ = std::move(trial.input);
  simulation_ = std::move(trial.simulation);
  return true;
}

}  // namespace

Spacing suggest_spacing(const ForecastInput& input, const Simulation& simulation) {
  return Search{input, simulation}.run();
}

}  // namespace rota
