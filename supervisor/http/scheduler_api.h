// What the outside may ask of the supervisor: the one door that the HTTP server
// (and later the local socket) goes through. Called on the event loop's thread;
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

struct JobSummary {
  std::string name;
  std::string schedule;  // canonical text; empty if the job runs only when triggered
  std::optional<Instant> next_occurrence;
  bool run_in_process = false;
  std::chrono::milliseconds timeout{};
  std::vector<RunId> active_runs;  // queued or running
};

struct TriggerAccepted {
  RunId run_id;  // its row is committed
};
struct TriggerUnknownJob {};
struct TriggerRefused {
  std::string reason;  // the overlap rule, in a sentence
};
using TriggerResult = std::variant<TriggerAccepted, TriggerUnknownJob, TriggerRefused>;

class SchedulerApi {
 public:
  SchedulerApi() = default;
  SchedulerApi(const SchedulerApi&) = delete;
  SchedulerApi& operator=(const SchedulerApi&) = delete;
  virtual ~SchedulerApi() = default;

  virtual std::vector<JobSummary> jobs() const = 0;
  virtual void trigger(std::string job_name, Parameters parameters, std::string requested_by,
                       std::function<void(TriggerResult)> done) = 0;
  virtual void runs(RunQuery query, std::function<void(std::vector<Run>)> done) = 0;
  virtual void run(RunId id, std::function<void(std::optional<Run>)> done) = 0;
  // Where the log of a run lies; the file may not exist (yet, or any more).
  virtual std::filesystem::path log_file(const Run& run) const = 0;
  // Empty if all is well, else what is wrong, in a sentence.
  virtual std::string trouble() const = 0;
};

}  // namespace rota
