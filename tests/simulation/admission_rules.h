// No two runs where overlap forbids, no more than the limits, nobody starves: checked at each
// admission and start that the supervisor asks its store to record, by a count of the test's own.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "supervisor/dispatch/dispatcher.h"
#include "supervisor/job/job_table.h"
#include "tests/simulation/watcher.h"

namespace rota::simulation {

class AdmissionRules {
 public:
  void take(JobTable jobs, Dispatcher::Limits limits, Instant now);
  // While the supervisor is about to do so: what it fires by schedule is still the old jobs', what follows
  // is the new ones', and which limits hold is not known here.
  void taking(JobTable jobs) { next_jobs_ = std::move(jobs); }
  void pause(const Pause& pause);
  void resume(const Pause& pause);

  // The process is gone; another one finds these waiting.
  void restart(const std::vector<Run>& queued, const std::vector<Pause>& pauses, Instant now);

  void step_begins() { got_row_ = 0; }

  // See Watcher.
  Handle insert_asked(const Run& run, Instant now);
  void insert_answered(Handle handle, std::optional<RunId> id);
  void start_asked(RunId id, Instant now);
  void outcome_asked(RunId id, const Outcome& outcome, Instant now);
  void retry_answered(const Run& retry, RunId id, Instant now);

  // Retries whose time has come wait no more for it, though the clock is set back.
  void passed(Instant now);
  // None waits longer from now than it was to wait at all.
  void clock_set_back(Instant now);

  void overdue(RunId id);
  // An executor has it: asked for, and only once.
  void given(RunId id);
  void executes(RunId id, Instant now);

  // Nothing more is on its way: what waits, waits for a place.
  void check_settled(Instant now) const;

  bool is_active(const std::string& job_name) const;

 private:
  using JobHandle = std::shared_ptr<const ActiveJob>;
  struct Live {
    RunId id = 0;
    std::string job_name;
    JobHandle job;  // as it was at the admission, which a retry has when its time has come
    Trigger trigger = Trigger::schedule;
    std::optional<Instant> due;  // by its schedule, on the clock as it was then
    std::optional<Instant> not_before;
    Instant::duration wait{};  // from its row until then
    Handle replaced_by = 0;    // a later run took its place in the line
    bool launched = false;
    bool place_given_away = false;
  };

  void add(Handle handle, const Run& run);
  void replace_waiting(Handle by);
  Live* find(RunId id);
  void check_launch(Handle handle, const Live& run, Instant now) const;
  void check_skip(const std::string& job_name, const Live* itself, Instant now) const;
  static bool goes_before(Handle other, const Live& waiting, Handle handle, const Live& run);
  bool overlap_allows(const Live& run) const;
  bool limits_allow(const Live& run) const;
  bool is_paused(const Live& run) const;
  void check_lateness(const Run& run);
  const JobTable& table_of(Trigger trigger) const;
  std::string pause_of(const std::string& job_name, Trigger trigger) const;
  std::size_t launched_if(const std::function<bool(const Live&)>& counts) const;

  JobTable jobs_;
  std::optional<JobTable> next_jobs_;
  Dispatcher::Limits limits_;
  std::map<Handle, Live> runs_;
  std::map<std::pair<Pause::Scope, std::string>, Pause> pauses_;
  std::set<RunId> given_;  // to an executor
  // Which run has just got its row: it may have had its place long before, when others could not start.
  Handle got_row_ = 0;
  Handle last_ = 0;
  // Of each job when the latest was caught up, and how many then.
  std::map<std::string, std::pair<Instant, int>> caught_up_;
};

}  // namespace rota::simulation
