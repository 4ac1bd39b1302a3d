// The rows of runs as the supervisor makes them. Pure.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "supervisor/dispatch/dispatcher.h"
#include "supervisor/executor/executor.h"
#include "supervisor/job/job_table.h"
#include "supervisor/run/run.h"
#include "supervisor/scheduler/scheduler.h"
#include "supervisor/store/run_store.h"

namespace rota {

// A run that is due by its schedule, now or late; its state is not decided yet.
Run scheduled_row(const DueOccurrence& occurrence);

// An occurrence that passed unfired.
Run missed_row(const DueOccurrence& occurrence, Instant now);

// `row` as one that will not run.
Run skipped_row(Run row, std::string error_type, std::string reason);

// Why a paused job does not run, in a sentence.
std::string pause_reason(const Pause& pause);

// An occurrence that a pause keeps from running.
Run paused_row(const DueOccurrence& occurrence, const Pause& pause);
bool was_paused(const Run& row);

// The next attempt of a run that has ended; nullopt if it is not tried again.
std::optional<Run> next_attempt(const Run& ended, const RetryPolicy& policy, Instant now);

// An end that no executor has told.
Outcome ended_without_run(RunState state, std::string error_type, std::string reason, Instant now);

// What admission must know of a run of the job. Some triggers temper the overlap rule: what is caught up
// or depends on others waits rather than being skipped, and a retry replaces nothing.
Candidate candidate_for(const ActiveJob& job, Trigger trigger);

// Where a run's log lies, relative to the log directory. Unique by its last two parts.
std::string log_path_of(const Run& run, Ticket ticket);

// What an executor must know of a run of the job.
RunRequest request_for(const ActiveJob& job, const Run& run, std::string last_entry,
                       const std::filesystem::path& log_directory);

}  // namespace rota
