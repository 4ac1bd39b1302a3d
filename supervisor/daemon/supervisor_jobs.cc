// Which jobs are in force, from the start and after a reload, and since when: the second half of Supervisor.
#include <algorithm>
#include <set>
#include <utility>

#include "supervisor/daemon/supervisor.h"
#include "supervisor/job/spread.h"

namespace rota {
namespace {

ScheduledJob scheduled(const ActiveJob& active) {
  const Policies& policies = active.terms->policies;
  return {active.name, active.schedule.value(), policies.catch_up, policies.misfire_grace,
          spread_offset(active.name, policies.spread)};
}

// Of one that has its row: it is of a clock that was ahead, or of a calendar with a smaller offset.
bool is_to_come(const ActiveJob& active, Instant occurrence, Instant now) {
  return !active.schedule->counts_from_finish() &&
         occurrence + spread_offset(active.name, active.terms->policies.spread) > now;
}

}  // namespace

void Supervisor::start(Past past) {
  const Instant now = parts_.now();
  for (const JobFacts& each : past.facts) {
    if (!each.last_entry.empty()) runs_.set_last_entry(each.job_name, each.last_entry);
    dependencies_.remember(each.job_name, {each.begun, each.success, each.failure});
    seen_.emplace_hint(seen_.end(), each.job_name,
                       SeenJob{each.first_seen_at, each.calendar_since, each.last_success_at});
  }
  std::vector<std::string> unseen;
  for (const auto& [name, job] : jobs_)
    if (is_new(name, now)) unseen.push_back(name);
  begin_calendars(std::move(unseen), now);
  begin_calendars(calendars_begun_after(now), now);
  pauses_ = Pauses{std::move(past.pauses)};
  schedule_all(past.facts, now);
  watch_successes(past.alarms);
  apply_pauses();
  set_dependencies();
  for (const Run& run : past.lost) {
    scheduler_.begun(run.job_name);
    runs_.lost(run);
  }
  // What waited before the crash goes first.
  resume_queued(std::move(past.queued));
  firing_ = true;
  fire_dependents(dependencies_.due());
  wake_up();
}

void Supervisor::resume_queued(std::vector<Run> runs) {
  const auto priority = [this](const Run& run) {
    const auto job = job_of(run.job_name);
    return job ? job->terms->policies.priority : 0;
  };
  // Each takes a place that is free, so the more urgent come first.
  std::stable_sort(runs.begin(), runs.end(),
                   [&](const Run& left, const Run& right) { return priority(left) > priority(right); });
  for (Run& run : runs) {
    if (!run.late_since) expect(run);
    scheduler_.begun(run.job_name);
    runs_.resume(std::move(run));
  }
}

// True for a job that was never seen before; from now on it has been.
bool Supervisor::is_new(const std::string& name, Instant now) {
  const auto [seen, is_first] = seen_.try_emplace(name);
  if (!is_first) return false;
  seen->second = {now, now, std::nullopt};
  // What ended before a job was first seen is no reason to run it.
  dependencies_.begun(name);
  return true;
}

// On disk too, so that a crash before the first row does not make them begin later.
void Supervisor::begin_calendars(std::vector<std::string> names, Instant now) {
  if (names.empty()) return;
  for (const std::string& name : names) seen_[name].calendar_since = now;
  parts_.store.record_calendars(std::move(names), now, [] {});
}

// Those of a clock that was ahead.
std::vector<std::string> Supervisor::calendars_begun_after(Instant now) const {
  std::vector<std::string> names;
  for (const auto& [name, seen] : seen_)
    if (seen.calendar_since > now && jobs_.contains(name)) names.push_back(name);
  return names;
}

void Supervisor::schedule_all(const std::vector<JobFacts>& facts, Instant now) {
  JobFacts none;
  none.calendar_since = now;
  std::vector<std::string> ahead;
  for (const auto& [name, active] : jobs_) {
    if (!active->schedule) continue;
    const auto found = std::ranges::lower_bound(facts, name, {}, &JobFacts::job_name);
    const JobFacts& known = found == facts.end() || found->job_name != name ? none : *found;
    scheduler_.add(scheduled(*active), now, known.last_occurrence, known.last_finished_at,
                   known.calendar_since);
    if (known.last_occurrence && is_to_come(*active, *known.last_occurrence, now)) ahead.push_back(name);
  }
  // Else what comes before that would be forgotten if nobody were there in its time.
  begin_calendars(std::move(ahead), now);
}

void Supervisor::set_dependencies() {
  std::map<std::string, DependencyPolicy, std::less<>> policies;
  for (const auto& [name, active] : jobs_)
    if (!active->terms->policies.dependencies.after.empty())
      policies.emplace(name, active->terms->policies.dependencies);
  dependencies_.set(std::move(policies));
}

void Supervisor::watch_successes(const std::vector<AlarmState>& alarms) {
  std::set<std::string_view> told;
  for (const AlarmState& alarm : alarms)
    if (alarm.stale) told.insert(alarm.job_name);
  for (const auto& [name, active] : jobs_)
    if (active->terms->policies.success_within)
      deadlines_.watch(name, success_counts_from(name), active->terms->policies.success_within,
                       told.contains(name));
}

Instant Supervisor::success_counts_from(const std::string& job_name) const {
  return last_success(job_name).value_or(seen_.at(job_name).first_seen_at);
}

ReloadResult Supervisor::take(JobTable jobs, Dispatcher::Limits limits) {
  const Instant now = parts_.now();
  // What has fallen due until now is the old jobs'.
  fire_due(now);
  ReloadResult result;
  for (const auto& [name, old] : jobs_) {
    if (jobs.contains(name)) continue;
    ++result.removed;
    scheduler_.remove(name);
    deadlines_.forget(name);
  }
  std::vector<std::string> begun;
  for (auto& [name, active] : jobs) {
    const auto old = jobs_.find(name);
    const bool added = old == jobs_.end();
    if (!added && same_definition(*old->second, *active)) {
      ++result.unchanged;
      continue;
    }
    ++(added ? result.added : result.changed);
    bool begins = added && is_new(name, now);
    if (active->schedule)
      begins = scheduler_.replace(scheduled(*active), now) || begins;
    else
      scheduler_.remove(name);
    if (begins) begun.push_back(name);
    if (added || old->second->terms->policies.success_within != active->terms->policies.success_within)
      deadlines_.watch(name, success_counts_from(name), active->terms->policies.success_within, false);
  }
  begin_calendars(std::move(begun), now);
  jobs_ = std::move(jobs);
  group_limits_ = limits.groups;
  set_dependencies();
  apply_pauses();
  runs_.set_limits(std::move(limits));
  fire_dependents(dependencies_.due());
  arm();
  return result;
}

}  // namespace rota
