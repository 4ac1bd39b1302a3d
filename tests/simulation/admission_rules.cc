#include "tests/simulation/admission_rules.h"

#include <algorithm>
#include <utility>

#include "supervisor/job/spread.h"
#include "tests/simulation/fault.h"

namespace rota::simulation {
namespace {

constexpr const char* kOverlap = "no two runs where overlap forbids";
constexpr const char* kLimits = "limits are never exceeded";
constexpr const char* kStarvation = "nobody starves";
constexpr const char* kPauses = "what is paused does not start";
constexpr const char* kCatchUp = "what has passed is caught up as its job says";
constexpr const char* kRows = "a run is executed once, and after its row is on disk";
// A higher priority may be overtaken by so many that came before.
constexpr Handle kNearby = 900;

std::size_t most_at_once(const ActiveJob& job) {
  const OverlapPolicy& overlap = job.terms->policies.overlap;
  return overlap.rule == OverlapPolicy::Rule::parallel ? static_cast<std::size_t>(overlap.limit) : 1;
}

std::string words(RunId id, const std::string& job_name) { return job_name + " run " + std::to_string(id); }

}  // namespace

void AdmissionRules::take(JobTable jobs, Dispatcher::Limits limits, Instant now) {
  next_jobs_.reset();
  jobs_ = std::move(jobs);
  limits_ = std::move(limits);
  for (auto& [handle, run] : runs_) {
    const auto job = jobs_.find(run.job_name);
    if (run.not_before && *run.not_before > now && job != jobs_.end()) run.job = job->second;
  }
}

void AdmissionRules::pause(const Pause& pause) { pauses_.emplace(std::pair{pause.scope, pause.name}, pause); }
void AdmissionRules::resume(const Pause& pause) { pauses_.erase({pause.scope, pause.name}); }

void AdmissionRules::restart(const std::vector<Run>& queued, const std::vector<Pause>& pauses, Instant now) {
  runs_.clear();
  pauses_.clear();
  for (const Pause& each : pauses) pause(each);
  for (const Run& run : queued) {
    add(++last_, run);
    runs_.at(last_).id = run.id;
  }
  clock_set_back(now);
}

void AdmissionRules::add(Handle handle, const Run& run) {
  Live live;
  live.job_name = run.job_name;
  live.trigger = run.trigger;
  live.not_before = run.not_before;
  if (run.not_before) live.wait = *run.not_before - run.queued_at;
  const JobTable& jobs = table_of(run.trigger);
  if (const auto job = jobs.find(run.job_name); job != jobs.end()) live.job = job->second;
  if (run.trigger == Trigger::schedule && run.scheduled_for && live.job && live.job->schedule &&
      !live.job->schedule->counts_from_finish())
    live.due = *run.scheduled_for + spread_offset(run.job_name, live.job->terms->policies.spread);
  runs_.emplace(handle, std::move(live));
}

AdmissionRules::Live* AdmissionRules::find(RunId id) {
  for (auto& [handle, run] : runs_)
    if (run.id == id) return &run;
  return nullptr;
}

Handle AdmissionRules::insert_asked(const Run& run, Instant now) {
  const Handle handle = ++last_;
  const bool by_itself = run.trigger != Trigger::manual && run.trigger != Trigger::retry;
  const std::string pause = pause_of(run.job_name, run.trigger);
  if (run.state == RunState::skipped && run.error_type == "overlap") check_skip(run.job_name, nullptr, now);
  if (run.state == RunState::skipped && run.error_type == "paused" && pause.empty())
    throw Fault(kPauses, run.job_name + " is skipped as paused, and is not");
  check_lateness(run);
  if (is_final(run.state)) return handle;
  if (by_itself && !pause.empty()) throw Fault(kPauses, run.job_name + " has a run, and " + pause);
  add(handle, run);
  replace_waiting(handle);
  if (run.state != RunState::running) return handle;
  Live& live = runs_.at(handle);
  check_launch(handle, live, now);
  live.launched = true;
  return handle;
}

void AdmissionRules::replace_waiting(Handle by) {
  const Live& run = runs_.at(by);
  if (run.trigger == Trigger::catch_up ||
      run.job->terms->policies.overlap.rule != OverlapPolicy::Rule::replace)
    return;
  for (auto& [handle, other] : runs_)
    if (handle != by && other.job_name == run.job_name && !other.launched && !other.not_before)
      other.replaced_by = by;
}

void AdmissionRules::insert_answered(Handle handle, std::optional<RunId> id) {
  const auto found = runs_.find(handle);
  if (found == runs_.end()) return;
  got_row_ = handle;
  if (id) {
    found->second.id = *id;
    return;
  }
  runs_.erase(found);
  // One that had its place already, and waited for its row alone, keeps it: nobody came to take it.
  for (auto& [other, run] : runs_)
    if (run.replaced_by == handle && run.launched) run.replaced_by = 0;
}

void AdmissionRules::start_asked(RunId id, Instant now) {
  const auto found =
      std::find_if(runs_.begin(), runs_.end(), [&](const auto& each) { return each.second.id == id; });
  if (found == runs_.end() || found->second.launched)
    throw Fault(kRows, "run " + std::to_string(id) + " starts, and did not wait");
  check_launch(found->first, found->second, now);
  found->second.launched = true;
  // A clock that is set back afterwards does not make it wait again.
  found->second.not_before.reset();
}

void AdmissionRules::outcome_asked(RunId id, const Outcome& outcome, Instant now) {
  std::erase_if(runs_, [&](const auto& each) {
    if (each.second.id != id) return false;
    if (outcome.state == RunState::skipped && outcome.error_type == "overlap")
      check_skip(each.second.job_name, &each.second, now);
    return true;
  });
}

void AdmissionRules::retry_answered(const Run& retry, RunId id, Instant now) {
  add(++last_, retry);
  Live& run = runs_.at(last_);
  run.id = id;
  if (run.not_before) run.not_before = std::min(*run.not_before, now + run.wait);
}

void AdmissionRules::passed(Instant now) {
  for (auto& [handle, run] : runs_)
    if (run.not_before && *run.not_before <= now) run.not_before.reset();
}

void AdmissionRules::clock_set_back(Instant now) {
  for (auto& [handle, run] : runs_) {
    run.due.reset();
    if (run.not_before) run.not_before = std::min(*run.not_before, now + run.wait);
  }
}

void AdmissionRules::overdue(RunId id) {
  Live* const run = find(id);
  const auto given = launched_if([](const Live& each) { return each.place_given_away; });
  if (run && given < static_cast<std::size_t>(limits_.threads)) run->place_given_away = true;
}

void AdmissionRules::given(RunId id) {
  const Live* const run = find(id);
  if (!run || !run->launched)
    throw Fault(kRows, "run " + std::to_string(id) + " is to be executed, and has no place");
  if (!given_.insert(id).second) throw Fault(kRows, words(id, run->job_name) + " is executed again");
}

void AdmissionRules::executes(RunId id, Instant now) {
  const Live* const run = find(id);
  if (!run) throw Fault(kRows, "run " + std::to_string(id) + " is executed, and has ended");
  if (run->due && *run->due > now)
    throw Fault(kRows, words(id, run->job_name) + " is executed before its time");
}

std::size_t AdmissionRules::launched_if(const std::function<bool(const Live&)>& counts) const {
  return static_cast<std::size_t>(std::count_if(runs_.begin(), runs_.end(), [&](const auto& each) {
    return each.second.launched && counts(each.second);
  }));
}

bool AdmissionRules::overlap_allows(const Live& run) const {
  return launched_if([&](const Live& each) { return each.job_name == run.job_name; }) <
         most_at_once(*run.job);
}

bool AdmissionRules::limits_allow(const Live& run) const {
  const bool process = run.job->terms->run_in_process;
  const auto of_kind = launched_if(
      [&](const Live& each) { return each.job->terms->run_in_process == process && !each.place_given_away; });
  if (of_kind >= static_cast<std::size_t>(process ? limits_.processes : limits_.threads)) return false;
  const std::string& group = run.job->terms->policies.group;
  const auto limit = limits_.groups.find(group);
  return limit == limits_.groups.end() || launched_if([&](const Live& each) {
                                            return each.job->terms->policies.group == group;
                                          }) < static_cast<std::size_t>(limit->second);
}

const JobTable& AdmissionRules::table_of(Trigger trigger) const {
  return next_jobs_ && trigger != Trigger::schedule && trigger != Trigger::catch_up ? *next_jobs_ : jobs_;
}

std::string AdmissionRules::pause_of(const std::string& job_name, Trigger trigger) const {
  const JobTable& jobs = table_of(trigger);
  const auto job = jobs.find(job_name);
  if (job == jobs.end()) return {};
  const std::string& group = job->second->terms->policies.group;
  if (pauses_.contains({Pause::Scope::all, ""})) return "all jobs are paused";
  if (pauses_.contains({Pause::Scope::job, job_name})) return "the job is paused";
  return !group.empty() && pauses_.contains({Pause::Scope::group, group}) ? "its group is paused" : "";
}

bool AdmissionRules::is_paused(const Live& run) const {
  return run.trigger != Trigger::manual && !pause_of(run.job_name, run.trigger).empty();
}

void AdmissionRules::check_launch(Handle handle, const Live& run, Instant now) const {
  const std::string name = words(run.id, run.job_name);
  if (run.not_before && *run.not_before > now) throw Fault(kStarvation, name + " starts before its time");
  if (next_jobs_) return;
  if (handle != got_row_ && is_paused(run))
    throw Fault(kPauses, name + " starts, and " + pause_of(run.job_name, run.trigger));
  if (!overlap_allows(run)) throw Fault(kOverlap, name + " starts beside others of its job");
  if (!limits_allow(run)) throw Fault(kLimits, name + " starts where all places are taken");
  for (const auto& [other, waiting] : runs_)
    if (waiting.id != 0 && !waiting.launched && waiting.replaced_by == 0 && handle != got_row_ &&
        goes_before(other, waiting, handle, run) && !is_paused(waiting) && overlap_allows(waiting))
      throw Fault(kStarvation, name + " starts before " + words(waiting.id, waiting.job_name));
}

// Both wait for the same places. When a retry came is not known here.
bool AdmissionRules::goes_before(Handle other, const Live& waiting, Handle handle, const Live& run) {
  if (!waiting.job || waiting.trigger == Trigger::retry ||
      waiting.job->terms->run_in_process != run.job->terms->run_in_process)
    return false;
  const Policies& left = waiting.job->terms->policies;
  const Policies& right = run.job->terms->policies;
  if (left.group != right.group) return false;
  return left.priority == right.priority ? other < handle
                                         : left.priority > right.priority && other < handle + kNearby;
}

void AdmissionRules::check_skip(const std::string& job_name, const Live* itself, Instant now) const {
  const auto others = std::count_if(runs_.begin(), runs_.end(), [&](const auto& each) {
    const Live& run = each.second;
    return run.job_name == job_name && &run != itself && (!run.not_before || *run.not_before <= now);
  });
  if (others == 0) throw Fault(kOverlap, job_name + " is skipped, and no other run of it is active");
}

// Occurrences that one wake-up has found share its instant.
void AdmissionRules::check_lateness(const Run& run) {
  const auto found = jobs_.find(run.job_name);
  const bool by_schedule = run.trigger == Trigger::schedule || run.trigger == Trigger::catch_up;
  if (!by_schedule || found == jobs_.end() || !found->second->schedule ||
      found->second->schedule->counts_from_finish())
    return;
  const Policies& policies = found->second->terms->policies;
  const Instant due = run.scheduled_for.value() + spread_offset(run.job_name, policies.spread);
  const bool late = run.queued_at - due > policies.misfire_grace;
  if (run.state != RunState::skipped &&
      late != (run.state == RunState::missed || run.trigger == Trigger::catch_up))
    throw Fault(kCatchUp,
                run.job_name + (late ? " fires late as if on time" : " is on time, and passed over"));
  if (run.trigger != Trigger::catch_up) return;
  auto& [at, count] = caught_up_[run.job_name];
  count = at == run.queued_at ? count + 1 : 1;
  at = run.queued_at;
  using Rule = CatchUpPolicy::Rule;
  const Rule rule = policies.catch_up.rule;
  const int most = rule == Rule::skip ? 0 : rule == Rule::once ? 1 : policies.catch_up.limit;
  if (count > most) throw Fault(kCatchUp, run.job_name + " catches up " + std::to_string(count));
}

bool AdmissionRules::is_active(const std::string& job_name) const {
  return std::any_of(runs_.begin(), runs_.end(),
                     [&](const auto& each) { return each.second.job_name == job_name; });
}

void AdmissionRules::check_settled(Instant now) const {
  for (const auto& [handle, run] : runs_) {
    if (run.replaced_by != 0)
      throw Fault(kStarvation, words(run.id, run.job_name) + " was replaced, and has no end");
    if (run.launched && run.id != 0 && !given_.contains(run.id))
      throw Fault(kRows, words(run.id, run.job_name) + " has its row, and no executor has it");
    if (run.launched || run.id == 0 || !run.job || is_paused(run)) continue;
    if (run.not_before && *run.not_before > now) continue;
    if (overlap_allows(run) && limits_allow(run))
      throw Fault(kStarvation, words(run.id, run.job_name) + " waits, and a place is free");
  }
}

}  // namespace rota::simulation
