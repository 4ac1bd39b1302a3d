// What a forecast is made from: the jobs with what is known of their durations, the
// places for runs, and the time to look at. Values only, filled by the command.
#pragma once

#include <rota/policies.h>
#include <rota/schedule.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/time/instant.h"
#include "supervisor/dispatch/dispatcher.h"

namespace rota {

// Of the latest successful runs of one job.
struct MeasuredDurations {
  std::chrono::milliseconds median{};
  std::chrono::milliseconds percentile_90{};
  int runs = 0;
};

// A job as far as it decides when its runs begin and end. The catch-up rule and the misfire
// grace are not in it: a clock that is never late makes no misfire.
struct ForecastJob {
  std::string name;
  std::optional<Schedule> schedule = {};  // with its zone and its seed; none: it runs after others, or never
  std::chrono::seconds spread_offset{0};
  RunKind kind = RunKind::process;
  OverlapPolicy overlap = {};
  std::string group = {};
  int priority = 0;
  std::chrono::milliseconds timeout = std::chrono::minutes{15};
  DependencyPolicy dependencies = {};
  std::optional<MeasuredDurations> measured = {};
  std::optional<Instant> last_finish = {};  // from which a fixed delay counts
};

struct ForecastInput {
  std::vector<ForecastJob> jobs;
  Dispatcher::Limits limits;
  Instant from{};                    // whole seconds; what is due at `from` is in
  Instant to{};                      // what is due at `to` is not
  std::string zone = "UTC";          // for days and times of the output
  std::string default_zone = "UTC";  // of schedules that name none: their text does not name it either
  std::chrono::milliseconds assumed_duration = std::chrono::minutes{1};  // of a job that was never measured
  std::size_t most_runs = 1'000'000;                                     // then the forecast is cut
  // The supervisor's rule for the offset of a job inside a window; empty: no spread is suggested.
  std::function<std::chrono::seconds(const std::string& job_name, std::chrono::seconds window)> spread_offset;
};

// Which durations the runs of one pass have.
enum class Durations {
  usual,  // the median
  busy,   // the 90th percentile
};

// How long a run of the job takes if nothing stops it.
inline std::chrono::milliseconds duration_of(const ForecastJob& job, Durations durations,
                                             std::chrono::milliseconds assumed) {
  if (!job.measured) return assumed;
  return durations == Durations::usual ? job.measured->median : job.measured->percentile_90;
}

}  // namespace rota
