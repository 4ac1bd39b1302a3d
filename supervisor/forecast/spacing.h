// Other schedules for jobs that collide, so that less waits. Each suggestion has been
// tried: the whole forecast was simulated with it and with those before it. Pure.
#pragma once

#include <rota/schedule.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "supervisor/forecast/forecast_input.h"
#include "supervisor/forecast/simulation.h"

namespace rota {

// One of the two is set.
struct Suggestion {
  std::vector<std::uint32_t> jobs;             // indices in ForecastInput::jobs; several for one spread
  std::optional<Schedule> schedule;            // instead of the job's own; parse_schedule reads its text
  std::optional<std::chrono::seconds> spread;  // a window, as the key `spread` of the job has it
  // What all CPU-bound runs wait, without and with this one, those before it included.
  std::chrono::milliseconds waiting_before{0};
  std::chrono::milliseconds waiting_after{0};
};

struct Spacing {
  std::vector<Suggestion> suggestions;  // in the order in which they are to be read
  std::chrono::milliseconds waiting_before{0};
  std::chrono::milliseconds waiting_after{0};
  bool gave_up = false;  // the search was cut; there may be more
};

// Greedy: many jobs that collide and have one schedule are given a spread together. Then of the CPU-bound
// jobs that still collide the one with the shortest runs is moved, to the place where it meets fewest others,
// and so on. A change is kept if at least a hundredth of the waiting goes by it and nothing more is skipped.
// `simulation` is the one of `input` with the usual durations.
Spacing suggest_spacing(const ForecastInput& input, const Simulation& simulation);

}  // namespace rota
