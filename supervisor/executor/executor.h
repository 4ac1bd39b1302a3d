// How the supervisor runs an admitted run, whatever runs it. Implemented by the
// process executor (one worker process a run) and the thread executor (a pool).
// In two steps, so that what a start costs is spent while the run's row is on its way to the disk:
// `prepare`, which does nothing of the job, and `start`, once the row is there.
// All members are called on the event loop's thread, and all callbacks arrive
// there.
#pragma once

#include <rota/job.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "common/command/command.h"
#include "supervisor/run/clock.h"
#include "supervisor/run/run.h"

namespace rota {

// Everything an executor needs to know of one run. Copied into the executor.
struct RunRequest {
  RunId run_id = 0;
  std::string job_name;
  std::optional<Command> command;  // what the process becomes; then there is no module
  CommandLimits limits;            // of a module's job in a process; a command has its own
  std::filesystem::path module;    // shared object that holds the job
  JobFunction function = nullptr;  // used by the thread executor only
  int attempt = 1;
  Trigger trigger = Trigger::schedule;
  std::optional<Instant> scheduled_for;
  std::optional<Instant> starts_at;  // its job begins then, at most kHeadStart after `start`; none: at once
  std::chrono::milliseconds timeout{};
  std::chrono::milliseconds grace{};
  Parameters parameters;
  std::string last_entry;
  std::filesystem::path log_file;  // absolute; created by the executor when something is logged
};

inline CommandLimits limits_of(const RunRequest& request) {
  return request.command ? request.command->limits : request.limits;
}

struct Progress {
  std::int64_t done = 0;
  std::optional<std::int64_t> total;
  std::string message;
};

struct RunCallbacks {
  std::function<void(const Progress&)> on_progress;
  // A thread reached its timeout. It cannot be killed, so its failure is
  // announced now, while `on_outcome` comes when the function returns. Never
  // called by the process executor.
  std::function<void()> on_overdue;
  // The run's log is not whole, and why. At most once, before `on_outcome`.
  std::function<void(const std::string&)> on_log_trouble;
  // Exactly once, last. The run has left nothing behind when it comes.
  std::function<void(Outcome)> on_outcome;
};

inline void tell_of_log(const std::string& trouble, const RunCallbacks& callbacks) {
  if (!trouble.empty() && callbacks.on_log_trouble) callbacks.on_log_trouble(trouble);
}

// The end of a run that could not be started.
inline Outcome start_failure(const std::string& what, const std::string& reason) {
  Outcome outcome;
  outcome.state = RunState::failed;
  outcome.finished_at = current_instant();
  outcome.error_type = "start";
  outcome.error_message = what + ": " + reason;
  return outcome;
}

enum class StopReason { timeout, cancel, shutdown };

class Executor {
 public:
  Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  virtual ~Executor() = default;

  // Makes ready what the run needs, so that `start` finds it. Nothing of the job begins, and nothing of it is
  // left to be seen if it never does. What prevents it is for `start` to meet again and to tell.
  virtual void prepare(const RunRequest& request) = 0;

  // A run that was prepared and will not start. Does nothing for any other.
  virtual void abandon(RunId run_id) = 0;

  // Starts the run, prepared or not, as `request` says now; its job begins at `starts_at`, or not at all if
  // it is stopped before that. What prevents the start (no worker executable, no more processes) arrives as
  // an outcome with state `failed`, never as an exception.
  virtual void start(RunRequest request, RunCallbacks callbacks) = 0;

  // Asks the run to stop and, after its grace, ends it. Does nothing for a run
  // that it does not have. `timeout` is the executor's own to give.
  virtual void stop(RunId run_id, StopReason reason) = 0;

  // Runs whose `on_outcome` has not been called yet.
  virtual std::size_t active() const = 0;
};

}  // namespace rota
