// A run as the supervisor records it: the vocabulary that the store, the
// executors, the notifier and the HTTP interface share. Values only.
#pragma once

#include <rota/job.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/time/instant.h"

namespace rota {

using RunId = std::int64_t;  // from 1, ascending in the order of recording

// Where a thing stands in the order in which all of them were recorded: later is larger, 0 before all. A
// clock cannot tell, since it can be set back and gives two things one instant.
using Sequence = std::int64_t;

enum class Trigger { schedule, catch_up, manual, retry, dependency };

enum class RunState {
  queued,
  running,
  succeeded,
  failed,
  timed_out,
  cancelled,
  crashed,  // the worker died of a signal or left without a result
  lost,     // the supervisor went down while it ran
  skipped,
  missed,
};

// The words of the database, the HTTP interface and the command line.
std::string_view to_string(Trigger trigger);
std::string_view to_string(RunState state);
std::optional<Trigger> parse_trigger(std::string_view word);
std::optional<RunState> parse_run_state(std::string_view word);

// True once a run can no longer change.
bool is_final(RunState state);
// True for what people are told of: failed, timed_out, crashed, lost.
bool is_failure(RunState state);

// How a run ended. Filled by an executor, in memory only until the store has it.
struct Outcome {
  RunState state = RunState::failed;
  Instant started_at{};
  Instant finished_at{};
  std::string error_type;  // empty on success; "timeout", "signal", "protocol", an exception's type, …
  std::string error_message;
  std::int64_t lines_added = 0;
  std::int64_t lines_processed = 0;
  std::string last_entry;  // JSON text or empty
  std::optional<int> exit_code;
  std::optional<int> signal;
  std::int64_t user_cpu_ms = 0;
  std::int64_t system_cpu_ms = 0;
  std::int64_t max_rss_kib = 0;  // 0: not known (a thread has none of its own)
};

// One row of scheduled_job_runs.
struct Run {
  RunId id = 0;
  std::string job_name;
  Trigger trigger = Trigger::schedule;
  std::optional<Instant> scheduled_for;  // none for a manual trigger
  int attempt = 1;
  RunState state = RunState::queued;
  Instant queued_at{};
  std::optional<Instant> started_at;
  std::optional<Instant> finished_at;
  std::optional<bool> success;
  std::string error_type;
  std::string error_message;
  std::int64_t lines_added = 0;
  std::int64_t lines_processed = 0;
  std::string last_entry;
  std::optional<int> exit_code;
  std::optional<int> signal;
  std::optional<std::int64_t> user_cpu_ms;
  std::optional<std::int64_t> system_cpu_ms;
  std::optional<std::int64_t> max_rss_kib;
  std::string log_path;               // relative to the log directory; empty if there is none
  Parameters parameters;              // given by the trigger; JSON object text in its column
  std::string requested_by;           // who triggered it by hand: a token's subject or a local user
  std::optional<RunId> retry_of;      // the attempt before this one
  std::optional<Instant> not_before;  // a retry waits until then
  std::optional<Instant> late_since;  // when it was announced as late
  // When it was announced as a failure, a thread past its timeout that still ran.
  std::optional<Instant> overdue_since;
};

// Makes of a run's row what it is after its end.
void apply(const Outcome& outcome, Run& row);

}  // namespace rota
