// Where a job could go instead: the search of one better place, by what its runs would
// meet there. Pure.
#pragma once

#include <rota/schedule.h>

#include <chrono>
#include <cstdint>
#include <optional>

#include "supervisor/forecast/forecast_input.h"
#include "supervisor/forecast/simulation.h"

namespace rota {

struct Place {
  Schedule schedule;
  std::chrono::seconds offset{0};
  std::optional<std::chrono::seconds> spread;  // the window that gives the offset
};

// The shortest time between neighbours among the first occurrences after `from`.
std::chrono::seconds interval_of(const Schedule& schedule, Instant from);

// The place for a job of `simulation` with the least cost; of those that are alike a schedule before a
// spread, and the one nearest to where the job is now. At another minute than a round one only where none of
// those is free. Nullopt if there is none where fewer
// run-minutes are above the limits.
std::optional<Place> best_place(const ForecastInput& input, const Simulation& simulation,
                                std::uint32_t index);

}  // namespace rota
