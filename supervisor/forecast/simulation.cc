#include "supervisor/forecast/simulation.h"

#include <algorithm>
#include <map>
#include <queue>
#include <string_view>
#include <utility>

#include "supervisor/rules/dependencies.h"
#include "supervisor/scheduler/scheduler.h"

namespace rota {
namespace {

int most_at_once(const OverlapPolicy& overlap) {
  return overlap.rule == OverlapPolicy::Rule::parallel ? overlap.limit : 1;
}

RunState state_of(PredictedRun::End end) {
  switch (end) {
    case PredictedRun::End::finished:
      break;
    case PredictedRun::End::timed_out:
      return RunState::timed_out;
    case PredictedRun::End::replaced:
      return RunState::cancelled;
  }
  return RunState::succeeded;
}

class Simulator {
 public:
  Simulator(const ForecastInput& input, Durations durations);

  Simulation run();

 private:
  struct Ending {
    Instant at{};
    Ticket ticket = 0;
    // Reversed, because std::priority_queue puts the largest on top.
    bool operator<(const Ending& other) const {
      return at != other.at ? at > other.at : ticket > other.ticket;
    }
  };
  struct Due {
    std::uint32_t job = 0;
    Trigger trigger = Trigger::schedule;
    Instant scheduled_for{};
  };

  std::optional<Instant> next_due();
  std::optional<Ending> next_ending();
  void take_due(Instant now);
  void take_ending(const Ending& ending);
  void admit(const Due& due, Instant now);
  void start(Ticket ticket, Instant now);
  void replace(const Admission& admission, Instant now);
  WaitCause cause(const ForecastJob& job, std::uint32_t index) const;
  PredictedRun& run_of(Ticket ticket) { return simulation_.runs[ticket - 1]; }
  void count_running(std::uint32_t job, Instant now, int more);

  const ForecastInput& input_;
  Durations durations_;
  std::map<std::string_view, std::uint32_t> index_of_;
  Scheduler scheduler_;
  Dispatcher dispatcher_;
  Dependencies dependencies_;
  LoadMeter meter_;
  std::priority_queue<Ending> endings_;
  std::vector<bool> ended_;      // by ticket - 1
  std::vector<int> running_of_;  // by job
  std::map<std::string, int, std::less<>> running_in_group_;
  std::size_t decided_ = 0;
  Simulation simulation_;
};

Simulator::Simulator(const ForecastInput& input, Durations durations)
    : input_{input},
      durations_{durations},
      dispatcher_{input.limits},
      meter_{input.from, input.to},
      running_of_(input.jobs.size(), 0) {
  simulation_.skips.resize(input.jobs.size());
  std::map<std::string, DependencyPolicy, std::less<>> policies;
  for (std::uint32_t index = 0; index < input.jobs.size(); ++index) {
    const ForecastJob& job = input.jobs[index];
    index_of_.emplace(job.name, index);
    if (!job.dependencies.after.empty()) policies.emplace(job.name, job.dependencies);
    if (!job.schedule) continue;
    ScheduledJob scheduled{job.name, *job.schedule};
    scheduled.spread_offset = job.spread_offset;
    // The calendar begins after the instant that it is given, a fixed delay at it.
    const bool delay = job.schedule->counts_from_finish();
    scheduler_.add(std::move(scheduled), delay ? input.from : input.from - std::chrono::seconds{1},
                   std::nullopt, job.last_finish);
  }
  dependencies_.set(std::move(policies));
}

Simulation Simulator::run() {
  for (;;) {
    const auto due = next_due();
    const auto ending = next_ending();
    if (ending && (!due || ending->at <= *due)) {
      take_ending(*ending);
    } else if (due) {
      take_due(*due);
    } else {
      break;
    }
  }
  simulation_.load = meter_.finish();
  while (simulation_.cut_at && !simulation_.load.empty() &&
         simulation_.load.back().begin >= *simulation_.cut_at)
    simulation_.load.pop_back();
  return std::move(simulation_);
}

std::optional<Instant> Simulator::next_due() {
  const auto at = scheduler_.next_wake_up();
  if (simulation_.cut_at || !at || *at >= input_.to) return std::nullopt;
  if (decided_ >= input_.most_runs) {
    simulation_.cut_at = *at;
    return std::nullopt;
  }
  return at;
}

// A run that was stopped has two; the later one is stale.
std::optional<Simulator::Ending> Simulator::next_ending() {
  while (!endings_.empty() && ended_[endings_.top().ticket - 1]) endings_.pop();
  if (endings_.empty()) return std::nullopt;
  return endings_.top();
}

void Simulator::take_due(Instant now) {
  for (const DueOccurrence& occurrence : scheduler_.take_due(now))
    admit({index_of_.at(occurrence.job_name), Trigger::schedule, occurrence.scheduled_for}, now);
}

void Simulator::take_ending(const Ending& ending) {
  endings_.pop();
  const Ticket ticket = ending.ticket;
  ended_[ticket - 1] = true;
  run_of(ticket).ended_at = ending.at;
  const std::uint32_t job = run_of(ticket).job;
  const std::string& name = input_.jobs[job].name;
  count_running(job, ending.at, -1);
  scheduler_.finished(name, ending.at);
  for (const Ticket next : dispatcher_.finished(ticket)) {
    meter_.waiting(ending.at, input_.jobs[run_of(next).job].kind, -1);
    start(next, ending.at);
  }
  const RunState state = state_of(run_of(ticket).end);
  const bool in_range = ending.at < input_.to && !simulation_.cut_at && decided_ < input_.most_runs;
  for (const std::string& due : dependencies_.ended(name, state))
    if (in_range) admit({index_of_.at(due), Trigger::dependency, ending.at}, ending.at);
}

void Simulator::admit(const Due& due, Instant now) {
  const ForecastJob& job = input_.jobs[due.job];
  ++decided_;
  const Ticket ticket = simulation_.runs.size() + 1;
  const Admission admission =
      dispatcher_.admit(ticket, {job.name, job.kind, job.overlap, job.group, job.priority, false});
  if (admission.decision == Admission::Decision::skip) {
    PredictedSkips& skips = simulation_.skips[due.job];
    if (skips.count++ == 0) {
      skips.first_at = due.scheduled_for;
      skips.reason = admission.reason;
    }
    return;
  }
  PredictedRun run;
  run.job = due.job;
  run.trigger = due.trigger;
  run.scheduled_for = due.scheduled_for;
  run.due_at = now;
  simulation_.runs.push_back(run);
  ended_.push_back(false);
  dependencies_.begun(job.name);
  replace(admission, now);
  if (admission.decision == Admission::Decision::start) return start(ticket, now);
  run_of(ticket).waits_for = cause(job, due.job);
  meter_.waiting(now, job.kind, 1);
}

// A run that waits, or has just been admitted, begins.
void Simulator::start(Ticket ticket, Instant now) {
  PredictedRun& run = run_of(ticket);
  const ForecastJob& job = input_.jobs[run.job];
  const auto duration = duration_of(job, durations_, input_.assumed_duration);
  if (duration > job.timeout) run.end = PredictedRun::End::timed_out;
  run.started_at = now;
  run.ended_at = now + std::min(duration, job.timeout);
  endings_.push({run.ended_at, ticket});
  count_running(run.job, now, 1);
}

void Simulator::replace(const Admission& admission, Instant now) {
  for (const Ticket ticket : admission.stop) {
    run_of(ticket).end = PredictedRun::End::replaced;
    endings_.push({now, ticket});
  }
  for (const Ticket ticket : admission.replaced) {
    PredictedRun& run = run_of(ticket);
    run.end = PredictedRun::End::replaced;
    run.started_at = run.ended_at = now;
    ended_[ticket - 1] = true;
    meter_.waiting(now, input_.jobs[run.job].kind, -1);
  }
}

WaitCause Simulator::cause(const ForecastJob& job, std::uint32_t index) const {
  if (running_of_[index] >= most_at_once(job.overlap)) return WaitCause::own_run;
  const auto limit = input_.limits.groups.find(job.group);
  const auto running = running_in_group_.find(job.group);
  if (limit != input_.limits.groups.end() && running != running_in_group_.end() &&
      running->second >= limit->second)
    return WaitCause::group;
  return WaitCause::places;
}

void Simulator::count_running(std::uint32_t index, Instant now, int more) {
  const ForecastJob& job = input_.jobs[index];
  running_of_[index] += more;
  if (!job.group.empty()) running_in_group_[job.group] += more;
  meter_.running(now, job.kind, more);
}

}  // namespace

Simulation simulate(const ForecastInput& input, Durations durations) {
  return Simulator{input, durations}.run();
}

}  // namespace rota
