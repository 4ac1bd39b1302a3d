#include "supervisor/daemon/supervisor.h"

#include <set>
#include <utility>

#include "supervisor/daemon/run_rows.h"
#include "supervisor/executor/head_start.h"
#include "supervisor/job/spread.h"

namespace rota {

Supervisor::Supervisor(RunLifecycle::Parts parts, JobTable jobs, Dispatcher::Limits limits,
                       std::function<void(std::optional<Instant>)> wake_at)
    : parts_{parts},
      jobs_{std::move(jobs)},
      group_limits_{limits.groups},
      wake_at_{std::move(wake_at)},
      runs_{std::move(parts), hooks(), std::move(limits)} {}

RunLifecycle::Hooks Supervisor::hooks() {
  RunLifecycle::Hooks hooks;
  hooks.job_of = [this](std::string_view name) { return job_of(name); };
  hooks.begun = [this](const Run& run) { dependencies_.begun(run.job_name); };
  hooks.recorded = [this](const Run& run) { expect(run); };
  hooks.refused = [this](const Run& run) { fire_dependents(dependencies_.refused(run.job_name)); };
  hooks.ended = [this](const Run& run, bool retried) { ended(run, retried); };
  hooks.retry_added = [this] { arm(); };
  return hooks;
}

RunLifecycle::JobHandle Supervisor::job_of(std::string_view name) const {
  const auto found = jobs_.find(name);
  return found == jobs_.end() ? nullptr : found->second;
}

void Supervisor::stop_firing() {
  firing_ = false;
  arm();
}

void Supervisor::shut_down(std::function<void()> stopped) {
  stop_firing();
  runs_.shut_down(std::move(stopped));
}

void Supervisor::wake_up() {
  const Instant now = parts_.now();
  fire_due(now);
  if (firing_) begin_early(now);
  arm();
}

void Supervisor::fire_due(Instant now) {
  if (!firing_) return;
  if (clock_.was_set_back(now)) begin_calendars(calendars_begun_after(now), now);
  for (const DueOccurrence& occurrence : scheduler_.take_due(now)) fire(occurrence);
  runs_.start_due_retries(now);
  tell_late(now);
}

// What is due soon, up to the first that could not start at once.
void Supervisor::begin_early(Instant now) {
  for (;;) {
    const auto at = scheduler_.next_wake_up();
    if (!at || *at > now + kHeadStart) return;
    const RunLifecycle::JobHandle job = job_of(*scheduler_.next_job());
    if (job->schedule->counts_from_finish() || !runs_.would_start(*job)) return;
    runs_.begin_early(job, scheduled_row(scheduler_.take_next()), *at);
  }
}

void Supervisor::fire(const DueOccurrence& occurrence) {
  const RunLifecycle::JobHandle job = jobs_.at(occurrence.job_name);
  // One that stands for many must not fall away with them because it has its row.
  const auto refused = [this, occurrence] {
    const auto next = scheduler_.missed_after(occurrence);
    if (next && jobs_.contains(next->job_name)) fire(*next);
  };
  if (const Pause* pause = pauses_.of(occurrence.job_name, job->terms->policies.group)) {
    runs_.record(paused_row(occurrence, *pause), refused);
    // A fixed delay goes on from the occurrence that was skipped.
    scheduler_.finished(occurrence.job_name, parts_.now());
    return;
  }
  if (occurrence.kind == DueOccurrence::Kind::missed)
    runs_.record(missed_row(occurrence, parts_.now()), refused);
  else
    runs_.begin(job, scheduled_row(occurrence), nullptr);
}

void Supervisor::fire_dependents(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const RunLifecycle::JobHandle job = job_of(name);
    if (!job || !firing_) continue;
    Run row;
    row.job_name = name;
    row.trigger = Trigger::dependency;
    // Also when it is skipped, as the job facts of the store have it.
    dependencies_.begun(name);
    if (const Pause* pause = pauses_.of(name, job->terms->policies.group))
      runs_.record(skipped_row(std::move(row), "paused", pause_reason(*pause)));
    else
      runs_.begin(job, std::move(row), nullptr);
  }
}

void Supervisor::ended(const Run& run, bool retried) {
  const Instant finished = run.finished_at.value_or(parts_.now());
  if (!retried) scheduler_.finished(run.job_name, finished);
  if (run.state == RunState::succeeded) {
    seen_[run.job_name].last_success_at = finished;
    deadlines_.succeeded(run.job_name, finished);
  }
  if (!retried) {
    if (run.scheduled_for) deadlines_.settled(run.job_name, *run.scheduled_for);
    fire_dependents(dependencies_.ended(run.job_name, run.state));
  }
  arm();
}

// Once it has its row: of one that has had it before, by a clock that was set back, people have been told.
void Supervisor::expect(const Run& run) {
  const RunLifecycle::JobHandle job = job_of(run.job_name);
  if (!job || !run.scheduled_for || was_paused(run)) return;
  const Policies& policies = job->terms->policies;
  if (!policies.finish_within) return;
  deadlines_.expect(run.job_name, *run.scheduled_for,
                    *run.scheduled_for + spread_offset(run.job_name, policies.spread),
                    *policies.finish_within);
  arm();
}

void Supervisor::tell_late(Instant now) {
  for (const Lateness& late : deadlines_.take_late(now)) {
    Announced announced;
    if (late.kind == Lateness::Kind::unfinished) announced.late = {late.job_name, late.since};
    Notifier::Prepared prepared = parts_.notifier.prepare_late(late, now);
    parts_.store.record_alarm(std::move(prepared.mails), std::move(prepared.alarm), std::move(announced), now,
                              [this] { parts_.notifier.wake(); });
  }
}

void Supervisor::trigger(const std::string& job_name, Parameters parameters, std::string requested_by,
                         std::function<void(TriggerResult)> done) {
  const RunLifecycle::JobHandle job = job_of(job_name);
  if (!job) return done(TriggerUnknownJob{});
  Run row;
  row.job_name = job_name;
  row.trigger = Trigger::manual;
  row.parameters = std::move(parameters);
  row.requested_by = std::move(requested_by);
  runs_.begin(job, std::move(row), std::move(done));
}

std::string Supervisor::unknown_scope(Pause::Scope scope, const std::string& name) const {
  if (scope == Pause::Scope::job && !jobs_.contains(name)) return "there is no job " + name;
  if (scope == Pause::Scope::group && !group_limits_.contains(name)) return "there is no group " + name;
  return {};
}

void Supervisor::pause(Pause pause, std::function<void(std::string)> done) {
  if (auto unknown = unknown_scope(pause.scope, pause.name); !unknown.empty())
    return done(std::move(unknown));
  pause.paused_at = parts_.now();
  if (!pauses_.add(pause)) return done({});
  apply_pauses();
  parts_.store.record_pause(std::move(pause), [done = std::move(done)] { done({}); });
}

void Supervisor::resume(Pause::Scope scope, const std::string& name, std::function<void(std::string)> done) {
  // A pause outlives its job or group, and must end all the same.
  if (!pauses_.remove(scope, name)) return done(unknown_scope(scope, name));
  apply_pauses();
  parts_.store.record_resume(scope, name, [done = std::move(done)] { done({}); });
}

void Supervisor::apply_pauses() {
  std::set<std::string, std::less<>> held;
  if (!pauses_.all().empty())
    for (const auto& [name, active] : jobs_)
      if (pauses_.of(name, active->terms->policies.group)) held.insert(name);
  runs_.hold(std::move(held));
}

std::optional<Instant> Supervisor::last_success(const std::string& job_name) const {
  const auto found = seen_.find(job_name);
  return found == seen_.end() ? std::nullopt : found->second.last_success_at;
}

void Supervisor::arm() {
  std::optional<Instant> next;
  if (firing_)
    for (const auto& at : {next_look_at_schedules(), runs_.next_retry_at(), deadlines_.next_wake_up()})
      if (at && (!next || *at < *next)) next = at;
  wake_at_(next);
}

// What could not be begun early is looked at once more in its time.
std::optional<Instant> Supervisor::next_look_at_schedules() const {
  const auto at = scheduler_.next_wake_up();
  if (!at) return std::nullopt;
  const Instant early = *at - kHeadStart;
  return early > parts_.now() ? early : *at;
}

}  // namespace rota
