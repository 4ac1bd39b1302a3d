// How a Run stands in scheduled_job_runs.
#pragma once

#include <string>

#include "common/sqlite/sqlite.h"
#include "supervisor/run/run.h"

namespace rota {

// The columns that read_run expects, in its order.
inline constexpr const char* kRunColumns =
    R"(id, job_name, "trigger", scheduled_for, attempt, state, queued_at, started_at, finished_at, success, )"
    "error_type, error_message, lines_added, lines_processed, last_entry, exit_code, signal, user_cpu_ms, "
    "system_cpu_ms, max_rss_kib, log_path, parameters, requested_by, retry_of, not_before, late_since, "
    "overdue_since";

Run read_run(const Statement& row);

// JSON object text; empty for none.
std::string parameters_text(const Parameters& parameters);

}  // namespace rota
