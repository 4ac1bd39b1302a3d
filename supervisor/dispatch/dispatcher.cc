#include "supervisor/dispatch/dispatcher.h"

#include <algorithm>
#include <optional>

namespace rota {
namespace {

// A run of a priority higher by one counts as if it had come so many runs earlier.
constexpr std::int64_t kRunsAStepOvertakes = 1000;

std::size_t most_at_once(const OverlapPolicy& overlap) {
  return overlap.rule == OverlapPolicy::Rule::parallel ? static_cast<std::size_t>(overlap.limit) : 1;
}

// Why the overlap rule refuses a run of a job with so many running and waiting; empty if it does not.
std::string refusal(const Candidate& candidate, std::size_t running, std::size_t waiting) {
  const auto limit = static_cast<std::size_t>(candidate.overlap.limit);
  switch (candidate.overlap.rule) {
    case OverlapPolicy::Rule::skip:
      if (running + waiting > 0) return "the run before of " + candidate.job_name + " has not ended";
      break;
    case OverlapPolicy::Rule::parallel:
      if (running + waiting >= limit)
        return "as many runs of " + candidate.job_name +
               " as may overlap are active: " + std::to_string(limit);
      break;
    case OverlapPolicy::Rule::queue:
      if (waiting >= limit && running + waiting > 0)
        return "as many runs of " + candidate.job_name + " as may wait are waiting: " + std::to_string(limit);
      break;
    case OverlapPolicy::Rule::replace:
      break;
  }
  return {};
}

}  // namespace

Admission Dispatcher::admit(Ticket ticket, Candidate candidate) {
  Admission admission;
  const auto job = jobs_.find(candidate.job_name);
  if (job != jobs_.end()) {
    admission.reason = refusal(candidate, job->second.running.size(), job->second.waiting.size());
    if (!admission.reason.empty()) {
      admission.decision = Admission::Decision::skip;
      return admission;
    }
    if (candidate.overlap.rule == OverlapPolicy::Rule::replace) {
      admission.stop.assign(job->second.running.begin(), job->second.running.end());
      admission.replaced.assign(job->second.waiting.begin(), job->second.waiting.end());
    }
  }
  // What waited frees no place, so nothing else starts by its going.
  for (const Ticket replaced : admission.replaced) finished(replaced);
  ActiveRun& run = runs_[ticket];
  run.candidate = std::move(candidate);
  run.rank = ++admitted_ - kRunsAStepOvertakes * run.candidate.priority;
  if (may_start(run.candidate)) {
    occupy(ticket, run);
    return admission;
  }
  admission.decision = Admission::Decision::wait;
  run.waits = true;
  ++waiting_count_;
  jobs_[run.candidate.job_name].waiting.insert(ticket);
  lines_[{run.candidate.kind, run.candidate.group}].emplace(run.rank, ticket);
  return admission;
}

// One that waits may lack what this one, after a reload, does not need any more: the overlap rule looks at it
// all the same.
bool Dispatcher::would_start(const Candidate& candidate) const {
  const auto job = jobs_.find(candidate.job_name);
  return (job == jobs_.end() || job->second.waiting.empty()) && may_start(candidate);
}

std::vector<Ticket> Dispatcher::finished(Ticket ticket) {
  const auto found = runs_.find(ticket);
  if (found == runs_.end()) return {};
  const ActiveRun run = std::move(found->second);
  runs_.erase(found);
  if (run.waits) {
    leave_line(ticket, run);
    return {};
  }
  if (run.place_given_away)
    --given_away_;
  else
    --taken(run.candidate.kind);
  if (!run.candidate.group.empty()) --groups_[run.candidate.group];
  const auto job = jobs_.find(run.candidate.job_name);
  job->second.running.erase(ticket);
  if (job->second.running.empty() && job->second.waiting.empty()) jobs_.erase(job);
  return fill();
}

std::vector<Ticket> Dispatcher::overdue(Ticket ticket) {
  const auto found = runs_.find(ticket);
  if (found == runs_.end()) return {};
  ActiveRun& run = found->second;
  const bool may_give = run.candidate.kind == RunKind::thread && !run.waits && !run.place_given_away;
  if (!may_give || given_away_ >= limits_.threads) return {};
  run.place_given_away = true;
  ++given_away_;
  --threads_;
  return fill();
}

std::vector<Ticket> Dispatcher::hold(std::set<std::string, std::less<>> job_names) {
  held_ = std::move(job_names);
  return fill();
}

std::vector<Ticket> Dispatcher::set_limits(Limits limits) {
  limits_ = std::move(limits);
  return fill();
}

bool Dispatcher::waits(Ticket ticket) const {
  const auto found = runs_.find(ticket);
  return found != runs_.end() && found->second.waits;
}

bool Dispatcher::group_has_place(const std::string& group) const {
  const auto limit = limits_.groups.find(group);
  if (limit == limits_.groups.end()) return true;
  const auto count = groups_.find(group);
  return (count == groups_.end() ? 0 : count->second) < limit->second;
}

bool Dispatcher::may_start(const Candidate& candidate) const {
  const auto job = jobs_.find(candidate.job_name);
  if (job != jobs_.end() && job->second.running.size() >= most_at_once(candidate.overlap)) return false;
  if (!candidate.ignores_hold && held_.contains(candidate.job_name)) return false;
  const int occupied = candidate.kind == RunKind::process ? processes_ : threads_;
  return occupied < limit(candidate.kind) && group_has_place(candidate.group);
}

void Dispatcher::occupy(Ticket ticket, ActiveRun& run) {
  ++taken(run.candidate.kind);
  if (!run.candidate.group.empty()) ++groups_[run.candidate.group];
  jobs_[run.candidate.job_name].running.insert(ticket);
}

void Dispatcher::leave_line(Ticket ticket, const ActiveRun& run) {
  --waiting_count_;
  const auto line = lines_.find({run.candidate.kind, run.candidate.group});
  line->second.erase({run.rank, ticket});
  if (line->second.empty()) lines_.erase(line);
  const auto job = jobs_.find(run.candidate.job_name);
  job->second.waiting.erase(ticket);
  if (job->second.running.empty() && job->second.waiting.empty()) jobs_.erase(job);
}

// Starts what may start, in the order of rank over all lines.
std::vector<Ticket> Dispatcher::fill() {
  std::vector<Ticket> started;
  for (;;) {
    std::optional<std::pair<std::int64_t, Ticket>> first;
    for (const auto& [name, line] : lines_) {
      const auto& [kind, group] = name;
      if (taken(kind) >= limit(kind) || !group_has_place(group)) continue;
      const auto next = std::find_if(line.begin(), line.end(), [this](const auto& waiting) {
        return may_start(runs_.at(waiting.second).candidate);
      });
      if (next != line.end() && (!first || *next < *first)) first = *next;
    }
    if (!first) return started;
    const Ticket ticket = first->second;
    ActiveRun& run = runs_.at(ticket);
    leave_line(ticket, run);
    run.waits = false;
    occupy(ticket, run);
    started.push_back(ticket);
  }
}

}  // namespace rota
