// Runs as JSON with a newline at its end. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/http/scheduler_api.h"

namespace rota {

using ProgressOf = std::function<std::optional<RunProgress>(RunId)>;

// {"runs": […], "next_before": id or null}. `limit` is the one of the query: fewer runs are
// the last page. A page that would be longer than 4 MiB ends earlier, after at least one run.
std::string runs_text(const std::vector<Run>& runs, int limit, const ProgressOf& progress_of);

// One row of scheduled_job_runs, its columns as keys, and `progress`: null, or
// {"done": 3, "total": 10 or null, "message": …}.
std::string run_text(const Run& run, const ProgressOf& progress_of);

// {"run_id": id, "job": name}
std::string accepted_text(RunId id, const std::string& job);

// {"run_id": id}
std::string cancelled_text(RunId id);

}  // namespace rota
