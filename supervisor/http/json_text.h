// What the answers hold, as JSON with a newline at its end. Instants are RFC 3339 in UTC
// with milliseconds; what is not UTF-8 is replaced. Pure.
#pragma once

#include <string>
#include <vector>

#include "supervisor/http/scheduler_api.h"

namespace rota {

// {"runs": […], "next_before": id or null}. `limit` is the one of the query: fewer runs are
// the last page. A page that would be longer than 4 MiB ends earlier, after at least one run.
std::string runs_text(const std::vector<Run>& runs, int limit);
// One row of scheduled_job_runs, its columns as keys.
std::string run_text(const Run& run);
// {"jobs": […]}
std::string jobs_text(const std::vector<JobSummary>& jobs);
// {"run_id": id, "job": name}
std::string accepted_text(RunId id, const std::string& job);

}  // namespace rota
