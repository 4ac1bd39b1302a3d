// How long each job's runs have taken, from the run database. For the forecast; it only reads.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/time/instant.h"
#include "supervisor/forecast/forecast_input.h"

namespace rota {

struct DurationHistory {
  struct Job {
    std::optional<MeasuredDurations> durations;  // of the latest 200 runs that succeeded; none: none has
    std::optional<Instant> last_finish;          // of the latest run, however it ended
  };
  std::map<std::string, Job, std::less<>> jobs;  // of those that were asked for and have runs
  std::string trouble;  // in a sentence, why nothing is known; empty if the database was read
};

// Reads the database beside a running supervisor, or without one. A file that is not there,
// cannot be opened or is no run database is told in `trouble`. Throws nothing of SQLite's.
DurationHistory read_duration_history(const std::filesystem::path& database,
                                      const std::vector<std::string>& job_names);

}  // namespace rota
