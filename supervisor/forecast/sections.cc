#include "supervisor/forecast/sections.h"

#include <algorithm>
#include <numeric>

#include "supervisor/forecast/local_time.h"

namespace rota::forecast_text {
namespace {

constexpr std::size_t kMostRows = 20;

std::string moment(const ForecastInput& input, Instant instant) {
  return moment_text(local_seconds(input.zone, instant));
}

// The jobs of which `count` is not zero, those with most first.
template <typename Count>
std::vector<std::size_t> jobs_by(const std::vector<JobOutlook>& outlooks, Count count) {
  std::vector<std::size_t> indices;
  for (std::size_t index = 0; index < outlooks.size(); ++index)
    if (count(outlooks[index]) > decltype(count(outlooks[index])){}) indices.push_back(index);
  std::stable_sort(indices.begin(), indices.end(), [&](std::size_t left, std::size_t right) {
    return count(outlooks[left]) > count(outlooks[right]);
  });
  return indices;
}

std::string left_out(std::size_t rows) {
  return rows > kMostRows ? "  and " + std::to_string(rows - kMostRows) + " more; --json has all\n" : "";
}

// What most of the job's waiting runs wait for.
std::string cause_text(const ForecastJob& job, const JobOutlook& outlook) {
  const auto most = std::max_element(outlook.waits_for.begin(), outlook.waits_for.end());
  switch (static_cast<WaitCause>(most - outlook.waits_for.begin())) {
    case WaitCause::group:
      return "for a place in group " + job.group;
    case WaitCause::own_run:
      return "for its run before";
    case WaitCause::places:
      break;
  }
  return job.kind == RunKind::process ? "for a place for CPU-bound runs" : "for a thread";
}

std::string busy_case(const JobOutlook& outlook) {
  if (outlook.waited == 0) return "none";
  return std::to_string(outlook.waited) + ", longest " + rounded_duration(outlook.longest_wait);
}

std::string names_of(const ForecastInput& input, const std::vector<std::uint32_t>& jobs, std::size_t most) {
  std::vector<std::string> names;
  names.reserve(jobs.size());
  for (const std::uint32_t index : jobs) names.push_back(input.jobs[index].name);
  return name_list(names, most);
}

}  // namespace

std::string skipped(const ForecastInput& input, const Forecast& forecast) {
  const auto jobs = jobs_by(forecast.jobs, [](const JobOutlook& outlook) { return outlook.skips.count; });
  if (jobs.empty()) return {};
  TextRows rows;
  for (std::size_t i = 0; i < std::min(jobs.size(), kMostRows); ++i) {
    const PredictedSkips& skips = forecast.jobs[jobs[i]].skips;
    rows.push_back({input.jobs[jobs[i]].name, counted(skips.count, "time"),
                    "first " + moment(input, skips.first_at), skips.reason});
  }
  return "\nSkipped by the overlap rule\n" + columns(rows) + left_out(jobs.size());
}

std::string timeouts(const ForecastInput& input, const Forecast& forecast) {
  const auto jobs = jobs_by(forecast.busy_jobs, [](const JobOutlook& outlook) { return outlook.timed_out; });
  if (jobs.empty()) return {};
  TextRows rows;
  for (std::size_t i = 0; i < std::min(jobs.size(), kMostRows); ++i) {
    const ForecastJob& job = input.jobs[jobs[i]];
    const bool always = forecast.jobs[jobs[i]].timed_out > 0;
    const auto duration =
        duration_of(job, always ? Durations::usual : Durations::busy, input.assumed_duration);
    rows.push_back(
        {job.name, always ? "every run" : "one run in ten",
         "takes " + rounded_duration(duration) + ", its timeout is " + rounded_duration(job.timeout)});
  }
  return "\nStopped at their timeout\n" + columns(rows) + left_out(jobs.size());
}

std::string waiting(const ForecastInput& input, const Forecast& forecast) {
  const auto jobs = jobs_by(forecast.jobs, [](const JobOutlook& outlook) { return outlook.total_wait; });
  if (jobs.empty()) return {};
  TextRows rows{{"job", "waits", "longest", "when", "in all", "if slow", "mostly"}};
  for (std::size_t i = 0; i < std::min(jobs.size(), kMostRows); ++i) {
    const ForecastJob& job = input.jobs[jobs[i]];
    const JobOutlook& outlook = forecast.jobs[jobs[i]];
    rows.push_back({job.name, std::to_string(outlook.waited) + " of " + std::to_string(outlook.runs),
                    rounded_duration(outlook.longest_wait), moment(input, outlook.longest_wait_due_at),
                    rounded_duration(outlook.total_wait), busy_case(forecast.busy_jobs[jobs[i]]),
                    cause_text(job, outlook)});
  }
  return "\nWaiting\n" + columns(rows) + left_out(jobs.size());
}

std::string collisions(const ForecastInput& input, const Forecast& forecast) {
  if (forecast.collisions.empty()) return "\nNo CPU-bound jobs collide.\n";
  std::string text = "\nCollisions: CPU-bound jobs that are due in one minute and wait for each other\n";
  TextRows rows;
  for (std::size_t i = 0; i < std::min(forecast.collisions.size(), kMostRows); ++i) {
    const Collision& collision = forecast.collisions[i];
    rows.push_back(
        {moment(input, collision.first_at), counted(collision.times, "time"),
         std::to_string(collision.most_waiting) + " of " + std::to_string(collision.jobs.size()) + " wait",
         "longest " + rounded_duration(collision.longest_wait),
         "in all " + rounded_duration(collision.total_wait),
         names_of(input, collision.jobs, 6) +
             (collision.group.empty() ? "" : " (group " + collision.group + ")")});
  }
  text += columns(rows) + left_out(forecast.collisions.size());
  if (forecast.queue.waiting > 0)
    text += "  Longest queue: " + counted(static_cast<std::size_t>(forecast.queue.waiting), "run") +
            ", in the quarter of an hour from " + moment(input, forecast.queue.slot) + "\n";
  return text;
}

std::string suggestions(const ForecastInput& input, const Forecast& forecast, const Signs& signs) {
  const Spacing& spacing = forecast.spacing;
  const std::string arrow = " " + std::string{signs.arrow} + " ";
  if (spacing.suggestions.empty()) {
    if (forecast.collisions.empty()) return {};
    return std::string{"\nNo change of schedule was found that lowers the waiting much"} +
           (spacing.gave_up ? ", in as many tries as are made.\n" : ".\n");
  }
  std::string text = "\nSuggestions: waiting of CPU-bound runs " + rounded_duration(spacing.waiting_before) +
                     arrow + rounded_duration(spacing.waiting_after) + "\n";
  TextRows rows;
  for (const Suggestion& suggestion : spacing.suggestions) {
    const ForecastJob& job = input.jobs[suggestion.jobs.front()];
    const std::string change =
        suggestion.schedule
            ? "schedule = \"" + schedule_text(*suggestion.schedule, input.default_zone) + "\""
            : "spread = \"" + rounded_duration(suggestion.spread.value_or(std::chrono::seconds{})) + "\"";
    rows.push_back(
        {names_of(input, suggestion.jobs, 3),
         job.schedule ? schedule_text(*job.schedule, input.default_zone) : "", std::string{signs.arrow},
         change,
         rounded_duration(suggestion.waiting_before) + arrow + rounded_duration(suggestion.waiting_after)});
  }
  text += columns(rows);
  if (spacing.gave_up) text += "  There may be more: the search ends after a number of tries.\n";
  return text;
}

}  // namespace rota::forecast_text
