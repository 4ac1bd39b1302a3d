// The runs that are active: from admission over the row on disk and the executor to the
// outcome on disk. It owns their state; everything happens on the event loop's thread,
// and no other effect than through the parts that it is given.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "supervisor/daemon/active_runs.h"
#include "supervisor/daemon/run_events.h"
#include "supervisor/dispatch/dispatcher.h"
#include "supervisor/executor/executor.h"
#include "supervisor/http/scheduler_api.h"
#include "supervisor/job/job_table.h"
#include "supervisor/notify/notifier.h"
#include "supervisor/rules/pending_retries.h"
#include "supervisor/store/run_store.h"

namespace rota {

class RunLifecycle {
 public:
  using JobHandle = std::shared_ptr<const ActiveJob>;

  // They outlive the lifecycle.
  struct Parts {
    RunStore& store;
    Notifier& notifier;
    Executor& processes;
    Executor& threads;
    std::function<Instant()> now;
    std::filesystem::path log_directory;
  };
  struct Hooks {
    // The job of that name as it is in force; null for none.
    std::function<JobHandle(std::string_view)> job_of;
    // A run or a further attempt is recorded: it starts or waits.
    std::function<void(const Run&)> begun;
    // An occurrence has its row, whatever the row says.
    std::function<void(const Run&)> recorded;
    // The latest that was begun has its row already, and is none.
    std::function<void(const Run&)> refused;
    // A run has ended, also one that never ran; `retried`: a further attempt follows.
    std::function<void(const Run&, bool retried)> ended;
    // `next_retry_at` answers another instant.
    std::function<void()> retry_added;
  };

  RunLifecycle(Parts parts, Hooks hooks, Dispatcher::Limits limits)
      : parts_{std::move(parts)}, hooks_{std::move(hooks)}, dispatcher_{std::move(limits)} {}

  // What the job's latest run returned, for its next one.
  void set_last_entry(const std::string& job_name, std::string entry) {
    last_entries_[job_name] = std::move(entry);
  }

  // Admits a run and sees to it until its end. `done`, if there is one, hears what became of a trigger.
  void begin(JobHandle job, Run row, std::function<void(TriggerResult)> done);

  // Whether `begin_early` may be called for the job: its run would start now, whatever its overlap rule.
  bool would_start(const ActiveJob& job) const;

  // As `begin`, for a run of a job of which `would_start` holds that is due at `at`, within kHeadStart. It
  // has its row, and its executor has it, before its time, in which nothing is left to do but the start.
  void begin_early(JobHandle job, Run row, Instant at);

  // Records an occurrence that does not run; `refused` hears that it has its row already.
  void record(Run row, std::function<void()> refused = nullptr);

  // A row that waited when the supervisor before went down.
  void resume(Run row);

  // A row that was running then. Its outcome is told and tried again like any other.
  void lost(const Run& row);

  // Retries whose time has come are admitted.
  void start_due_retries(Instant now);
  std::optional<Instant> next_retry_at() const { return retries_.next_at(); }

  CancelResult cancel(RunId id, const std::string& requested_by);

  // Runs of these jobs wait, see Dispatcher::hold.
  void hold(std::set<std::string, std::less<>> job_names) {
    give_places(dispatcher_.hold(std::move(job_names)));
  }
  void set_limits(Dispatcher::Limits limits) { give_places(dispatcher_.set_limits(std::move(limits))); }

  // Nothing more starts; runs that wait stay queued in the store, active ones are stopped.
  // `stopped` is called when the last has been recorded.
  void shut_down(std::function<void()> stopped);

  RunEvents& events() { return events_; }
  std::string log_tail(const Run& run) const;
  std::filesystem::path log_file(const Run& run) const;
  const ActiveRuns& active() const { return active_; }
  std::size_t running() const { return dispatcher_.running(); }
  std::size_t waiting() const { return dispatcher_.waiting() + retries_.size(); }

 private:
  void admit(JobHandle job, Run row, std::optional<Instant> starts_at,
             std::function<void(TriggerResult)> done);
  void take_places(const ActiveRun& run, bool has_row);
  void recorded(Ticket ticket, std::optional<RunId> id);
  void give_places(const std::vector<Ticket>& tickets);
  void launch(Ticket ticket);
  void prepare(Ticket ticket, RunId id);
  void abandon(ActiveRun& run);
  void execute(Ticket ticket);
  void overdue(Ticket ticket);
  void stop(Ticket ticket, Outcome fate);
  void give_up(Ticket ticket, Outcome fate);
  void ended(Ticket ticket, Outcome outcome);
  void committed(Ticket ticket, std::optional<Run> retry, std::optional<RunId> retry_id);
  void end_unstarted(const Run& row, Outcome outcome);
  void admit_waiting(JobHandle job, Run row, const Candidate& candidate);
  Notifier::Prepared announcement(const Run& row, const std::optional<Run>& retry);
  void stopped_if_idle();
  Executor& executor_of(const ActiveRun& run) {
    return run.job->terms->run_in_process ? parts_.processes : parts_.threads;
  }

  Parts parts_;
  Hooks hooks_;
  Dispatcher dispatcher_;
  RunEvents events_;
  Ticket last_ticket_ = 0;
  ActiveRuns active_;
  PendingRetries retries_;
  std::map<std::string, std::string, std::less<>> last_entries_;
  bool shutting_down_ = false;
  std::function<void()> stopped_;
};

}  // namespace rota
