// The supervisor's own scheduler, dispatcher and dependencies under a virtual clock: what
// runs when if every run takes as long as expected and succeeds. Pure and repeatable; for
// the forecast and for the search of better schedules, which runs it many times.
//
// Where the daemon's order at one instant is left to chance, an end comes before what is due, so
// that a run that takes exactly its interval does not count as an overlap. A run that is asked to
// stop (timeout, replace) ends at once. Nobody triggers anything by hand, nothing fails, nothing is paused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/time/instant.h"
#include "supervisor/forecast/forecast_input.h"
#include "supervisor/forecast/load.h"
#include "supervisor/run/run.h"

namespace rota {

// What a waiting run waits for, at the moment when it is due.
enum class WaitCause {
  places,   // all places of its kind are taken
  group,    // all places of its group are taken
  own_run,  // the run before of its own job
};

struct PredictedRun {
  enum class End {
    finished,
    timed_out,
    replaced,  // by a later run of its job; before it began if it ends when it starts
  };
  std::uint32_t job = 0;  // index in ForecastInput::jobs
  Trigger trigger = Trigger::schedule;
  End end = End::finished;
  WaitCause waits_for = WaitCause::places;  // if it waits
  Instant scheduled_for{};                  // the occurrence; of a dependency, when it was due
  Instant due_at{};                         // with the spread
  Instant started_at{};
  Instant ended_at{};

  std::chrono::milliseconds waited() const { return started_at - due_at; }
  bool ran() const { return end != End::replaced || started_at != ended_at; }
};

// What the overlap rule refuses of one job.
struct PredictedSkips {
  std::size_t count = 0;
  Instant first_at{};
  std::string reason;  // of the first
};

struct Simulation {
  std::vector<PredictedRun> runs;     // in the order in which they are due
  std::vector<PredictedSkips> skips;  // one for each job of the input
  std::vector<LoadSlot> load;         // up to `to`, or to `cut_at`
  // Set if there were more runs than may be: nothing is due any more from here on.
  std::optional<Instant> cut_at;
};

// Runs the jobs of `input`, whose names are unique, from `from` to `to`; what has begun or waits by then
// is followed to its end. Throws std::runtime_error if a schedule's zone has gone from the system.
Simulation simulate(const ForecastInput& input, Durations durations);

}  // namespace rota
