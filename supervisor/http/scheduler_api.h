// What the outside may ask of the supervisor: the one door that the HTTP server goes
// through, over TCP and over the control socket. Called on the event loop's thread;
// callbacks arrive there.
#pragma once

#include <rota/job.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "supervisor/run/run.h"
#include "supervisor/store/run_store.h"

namespace rota {

// How far a run is, by its own last report.
struct RunProgress {
  std::int64_t done = 0;
  std::optional<std::int64_t> total;
  std::string message;
};

struct JobSummary {
  std::string name;
  std::string schedule;  // canonical text; empty if the job runs only when triggered
  std::optional<Instant> next_occurrence;
  bool run_in_process = false;
  bool is_command = false;
  std::chrono::milliseconds timeout{};
  Policies policies;
  std::vector<std::string> tags;
  std::vector<RunId> active_runs;  // queued or running
  std::optional<Instant> last_success_at;
  std::optional<Pause> pause;  // the one that holds it, its own or a wider one
  std::string source;          // the module or the configuration file that defines it
  std::vector<std::string> command;
};

struct SupervisorStatus {
  std::string version;
  Instant started_at{};
  std::size_t jobs = 0;
  std::size_t running = 0;
  std::size_t waiting = 0;
  std::optional<Instant> next_occurrence;
  std::string next_job;
  std::vector<Pause> pauses;
  std::string trouble;  // empty if all is well
};

struct TriggerAccepted {
  RunId run_id;  // its row is committed
};
struct TriggerUnknownJob {};
struct TriggerRefused {
  std::string reason;  // the overlap rule, in a sentence
};
enum class CancelResult { asked, not_active, unknown_run };

struct ReloadResult {
  std::string error;  // of every fault a line; empty: the new configuration is in force
  std::size_t added = 0;
  std::size_t changed = 0;
  std::size_t removed = 0;
  std::size_t unchanged = 0;
};

struct PruneResult {
  std::int64_t rows = 0;
  std::int64_t logs = 0;
};

struct BackUpResult {
  std::filesystem::path file;
  std::string error;
};

using TriggerResult = std::variant<TriggerAccepted, TriggerUnknownJob, TriggerRefused>;

class SchedulerApi {
 public:
  SchedulerApi() = default;
  SchedulerApi(const SchedulerApi&) = delete;
  SchedulerApi& operator=(const SchedulerApi&) = delete;
  virtual ~SchedulerApi() = default;

  virtual std::vector<JobSummary> jobs() const = 0;
  virtual std::optional<JobSummary> job(const std::string& name) const = 0;
  virtual SupervisorStatus status() const = 0;
  virtual void trigger(std::string job_name, Parameters parameters, std::string requested_by,
                       std::function<void(TriggerResult)> done) = 0;
  virtual void runs(RunQuery query, std::function<void(std::vector<Run>)> done) = 0;
  virtual void run(RunId id, std::function<void(std::optional<Run>)> done) = 0;
  // The last report of a run that is active; nullopt if there is none.
  virtual std::optional<RunProgress> progress(RunId id) const = 0;
  // Asks a run to end: one that waits is cancelled, one that runs is stopped.
  virtual void cancel(RunId id, std::string requested_by, std::function<void(CancelResult)> done) = 0;
  // Answers an empty text, or why not (an unknown job or group).
  virtual void pause(Pause pause, std::function<void(std::string)> done) = 0;
  virtual void resume(Pause::Scope scope, std::string name, std::function<void(std::string)> done) = 0;
  // Reads the configuration anew and takes it whole or not at all.
  virtual void reload(std::function<void(ReloadResult)> done) = 0;
  // Removes what the retention rules no longer keep, now.
  virtual void prune(std::function<void(PruneResult)> done) = 0;
  // Writes a consistent copy of the database to a new file in a directory of the supervisor's own,
  // which the caller removes. Answers its path, or an error.
  virtual void back_up(std::function<void(BackUpResult)> done) = 0;
  // Where the log of a run lies; the file may not exist (yet, or any more).
  virtual std::filesystem::path log_file(const Run& run) const = 0;
  // Empty if all is well, else what is wrong, in a sentence.
  virtual std::string trouble() const = 0;
};

}  // namespace rota
