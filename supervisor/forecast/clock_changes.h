// Which occurrences fall into a change of the clock, and what becomes of them. The
// rules are those of common/schedule/README.md; this only tells where they apply. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "supervisor/forecast/forecast_input.h"

namespace rota {

struct ClockChange {
  enum class Effect {
    moved,     // its time does not exist that day: it runs so much later
    left_out,  // the same, and it does not run
    once,      // its time comes twice: it runs at the first
    both,      // its time comes twice: it runs both times
  };
  std::uint32_t job = 0;  // index in ForecastInput::jobs
  Effect effect = Effect::moved;
  std::string zone;  // of the schedule
  Instant change_at{};
  std::chrono::seconds offset_before{};  // from UTC
  std::chrono::seconds offset_after{};
  // The nominal times on the local clock, in seconds since 1970-01-01T00:00 on it.
  std::int64_t first_local = 0;
  std::int64_t last_local = 0;
  std::size_t times = 0;    // how many there are, from the first to the last
  Instant first_runs_at{};  // the first run; of those left out, no meaning
};

// In the order of the changes, then of the zones, the effects and the jobs. At most the changes of 1000
// segments of a zone are looked at.
std::vector<ClockChange> find_clock_changes(const ForecastInput& input);

}  // namespace rota
