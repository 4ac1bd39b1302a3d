// The whole forecast as values: what `rota forecast` prints, as text or JSON. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "supervisor/forecast/clock_changes.h"
#include "supervisor/forecast/collisions.h"
#include "supervisor/forecast/forecast_input.h"
#include "supervisor/forecast/simulation.h"
#include "supervisor/forecast/spacing.h"
#include "supervisor/forecast/waiting.h"

namespace rota {

struct Forecast {
  Simulation usual;                   // every run takes its median
  std::vector<JobOutlook> jobs;       // of the usual case, in the order of the input
  std::vector<JobOutlook> busy_jobs;  // every run takes its 90th percentile
  std::vector<Collision> collisions;  // of the usual case
  LongestQueue queue;                 // of the usual case
  std::vector<ClockChange> clock_changes;
  Spacing spacing;
};

// Throws std::runtime_error if a zone has gone from the system.
Forecast make_forecast(const ForecastInput& input);

}  // namespace rota
