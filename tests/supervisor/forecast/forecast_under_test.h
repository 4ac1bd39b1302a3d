// Small inputs for the tests of the forecast.
#pragma once

#include <rota/schedule.h>

#include <string>
#include <string_view>
#include <vector>

#include "common/time/rfc3339.h"
#include "supervisor/forecast/forecast_input.h"
#include "supervisor/forecast/simulation.h"

namespace rota {

inline Instant at(std::string_view text) { return parse_rfc3339(text).value(); }

inline ForecastJob job(std::string name, std::string_view schedule, std::chrono::milliseconds duration) {
  ForecastJob job;
  if (!schedule.empty()) job.schedule = parse_schedule(schedule).with_seed(name);
  job.name = std::move(name);
  job.measured = {duration, duration, 1};
  job.timeout = std::chrono::hours{10};
  return job;
}

// One day in UTC, one place for each kind.
inline ForecastInput one_day(std::vector<ForecastJob> jobs) {
  ForecastInput input;
  input.jobs = std::move(jobs);
  input.from = at("2026-11-02T00:00:00Z");
  input.to = at("2026-11-03T00:00:00Z");
  return input;
}

// "name HH:MM-HH:MM" of each run that began, in UTC and in the order in which they were due.
inline std::vector<std::string> runs_of(const ForecastInput& input, const Simulation& simulation) {
  std::vector<std::string> texts;
  for (const PredictedRun& run : simulation.runs)
    if (run.ran())
      texts.push_back(input.jobs[run.job].name + " " + format_rfc3339(run.started_at).substr(11, 5) + "-" +
                      format_rfc3339(run.ended_at).substr(11, 5));
  return texts;
}

}  // namespace rota
