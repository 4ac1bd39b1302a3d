// The supervisor: what is due by schedule, dependency or retry becomes a run or a row that
// says why not, and what is late is told. It joins the pure rules with the lifecycle of runs and knows
// neither clock nor event loop: it is told when to look, and says when next. Everything
// on one thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/time/clock_watch.h"
#include "supervisor/daemon/run_lifecycle.h"
#include "supervisor/job/job_table.h"
#include "supervisor/rules/deadlines.h"
#include "supervisor/rules/dependencies.h"
#include "supervisor/rules/pauses.h"
#include "supervisor/scheduler/scheduler.h"

namespace rota {

class Supervisor {
 public:
  struct SeenJob {
    Instant first_seen_at{};
    Instant calendar_since{};
    std::optional<Instant> last_success_at;
  };

  // What the store knew at the start.
  struct Past {
    std::vector<JobFacts> facts;  // in the order of names
    std::vector<AlarmState> alarms;
    std::vector<Pause> pauses;
    std::vector<Run> queued;
    std::vector<Run> lost;
  };

  // `wake_at` arms the one wake-up (nullopt: none), after which `wake_up` is to be called.
  Supervisor(RunLifecycle::Parts parts, JobTable jobs, Dispatcher::Limits limits,
             std::function<void(std::optional<Instant>)> wake_at);

  // Begins to schedule, after what the supervisor before left has been taken up.
  void start(Past past);

  // Fires everything that is due by now.
  void wake_up();

  // Other jobs and limits from now on. What runs is not touched; unchanged jobs keep their place.
  ReloadResult take(JobTable jobs, Dispatcher::Limits limits);

  // Nothing more is fired; what is asked for is still accepted.
  void stop_firing();

  // Nothing more is fired or accepted. See RunLifecycle::shut_down.
  void shut_down(std::function<void()> stopped);

  void trigger(const std::string& job_name, Parameters parameters, std::string requested_by,
               std::function<void(TriggerResult)> done);

  // Answer an empty text once it is on disk, or at once why not.
  void pause(Pause pause, std::function<void(std::string)> done);
  void resume(Pause::Scope scope, const std::string& name, std::function<void(std::string)> done);

  RunLifecycle& runs() { return runs_; }
  const RunLifecycle& runs() const { return runs_; }
  const JobTable& jobs() const { return jobs_; }
  const Pauses& pauses() const { return pauses_; }
  std::optional<Instant> next_occurrence(std::string_view job_name) const {
    return scheduler_.next_occurrence(job_name);
  }
  // The job that is due first of all.
  std::optional<std::string_view> next_job() const { return scheduler_.next_job(); }
  std::optional<Instant> last_success(const std::string& job_name) const;
  // Every job that was ever seen, in the table or not.
  const std::map<std::string, SeenJob, std::less<>>& seen_jobs() const { return seen_; }

 private:
  RunLifecycle::Hooks hooks();
  void resume_queued(std::vector<Run> runs);
  RunLifecycle::JobHandle job_of(std::string_view name) const;
  void fire(const DueOccurrence& occurrence);
  void fire_due(Instant now);
  void begin_early(Instant now);
  void fire_dependents(const std::vector<std::string>& names);
  void ended(const Run& run, bool retried);
  void tell_late(Instant now);
  void expect(const Run& run);
  void schedule_all(const std::vector<JobFacts>& facts, Instant now);
  bool is_new(const std::string& name, Instant now);
  std::vector<std::string> calendars_begun_after(Instant now) const;
  void begin_calendars(std::vector<std::string> names, Instant now);
  void set_dependencies();
  void watch_successes(const std::vector<AlarmState>& alarms);
  Instant success_counts_from(const std::string& job_name) const;
  void apply_pauses();
  void arm();
  std::optional<Instant> next_look_at_schedules() const;
  std::string unknown_scope(Pause::Scope scope, const std::string& name) const;

  RunLifecycle::Parts parts_;
  JobTable jobs_;
  std::map<std::string, int, std::less<>> group_limits_;
  std::function<void(std::optional<Instant>)> wake_at_;
  RunLifecycle runs_;
  Scheduler scheduler_;
  Dependencies dependencies_;
  Deadlines deadlines_;
  Pauses pauses_;
  std::map<std::string, SeenJob, std::less<>> seen_;
  ClockWatch clock_;
  bool firing_ = false;
};

}  // namespace rota
