#include "supervisor/daemon/supervisor.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "supervisor/executor/run_log.h"
#include "supervisor/run/clock.h"

namespace rota {
namespace {

constexpr int kMailedLogLines = 50;
constexpr std::size_t kMailedLogBytes = std::size_t{64} * 1024;

}  // namespace

Supervisor::Supervisor(boost::asio::io_context& loop, Settings settings, JobTable jobs, Parts parts)
    : settings_{std::move(settings)},
      jobs_{std::move(jobs)},
      parts_{parts},
      dispatcher_{settings_.limits},
      timer_{loop, [this] { fire_due(); }} {}

void Supervisor::start(const std::vector<JobHistory>& histories, const std::vector<Run>& queued) {
  std::map<std::string_view, const JobHistory*> history_of;
  for (const JobHistory& history : histories) {
    history_of[history.job_name] = &history;
    last_entries_[history.job_name] = history.last_entry;
  }
  const Instant now = current_instant();
  const JobHistory none;
  for (const auto& [name, active] : jobs_) {
    if (!active.job.schedule.has_value()) continue;
    const auto found = history_of.find(name);
    const JobHistory& history = found == history_of.end() ? none : *found->second;
    scheduler_.add(name, active.job.schedule.value(), now, history.last_occurrence, history.last_finished_at);
  }
  for (const Run& row : queued) resume(row);
  fire_due();
}

void Supervisor::shut_down(std::function<void()> stopped) {
  shutting_down_ = true;
  stopped_ = std::move(stopped);
  timer_.stop();
  std::vector<Ticket> waiting;
  for (const auto& [ticket, run] : active_)
    if (run.launched)
      executor_of(*run.job).stop(run.row.id, StopReason::shutdown);
    else if (run.row.state == RunState::queued)
      waiting.push_back(ticket);
  for (const Ticket ticket : waiting) {
    // Its row, once written, stays queued: the next supervisor takes it up.
    dispatcher_.finished(ticket);
    active_.erase(ticket);
  }
  stopped_if_idle();
}

void Supervisor::fire_due() {
  const Instant now = current_instant();
  for (const DueOccurrence& occurrence : scheduler_.take_due(now)) {
    if (occurrence.kind == DueOccurrence::Kind::missed) {
      record_missed(occurrence);
      continue;
    }
    Run row;
    row.job_name = occurrence.job_name;
    row.trigger = occurrence.kind == DueOccurrence::Kind::catch_up ? Trigger::catch_up : Trigger::schedule;
    row.scheduled_for = occurrence.scheduled_for;
    begin(jobs_.find(occurrence.job_name)->second, std::move(row), {}, nullptr);
  }
  timer_.arm(scheduler_.next_wake_up());
}

void Supervisor::record_missed(const DueOccurrence& occurrence) {
  Run row;
  row.job_name = occurrence.job_name;
  row.trigger = Trigger::schedule;
  row.scheduled_for = occurrence.scheduled_for;
  row.state = RunState::missed;
  row.queued_at = current_instant();
  row.error_type = "missed";
  row.error_message = "the supervisor was not running, or the clock passed over this occurrence";
  if (occurrence.missed_through)
    row.error_message =
        fmt::format("this occurrence and every later one before {:%Y-%m-%dT%H:%M:%S}Z passed unfired",
                    fmt::gmtime(std::chrono::system_clock::to_time_t(*occurrence.missed_through)));
  parts_.store.insert(row, [this, row](std::optional<RunId> id) mutable {
    if (!id) return;
    row.id = *id;
    events_.announce(row);
  });
}

void Supervisor::begin(const ActiveJob& job, Run row, Parameters parameters,
                       std::function<void(TriggerResult)> done) {
  const Ticket ticket = ++last_ticket_;
  const RunKind kind = job.job.run_in_process ? RunKind::process : RunKind::thread;
  const Admission admission = dispatcher_.admit(ticket, row.job_name, kind, job.job.allow_overlap);
  row.queued_at = current_instant();
  if (admission.decision == Admission::Decision::skip) {
    if (done) return done(TriggerRefused{admission.reason});
    row.state = RunState::skipped;
    row.error_type = "overlap";
    row.error_message = admission.reason;
    parts_.store.insert(row, [this, row](std::optional<RunId> id) mutable {
      if (!id) return;
      row.id = *id;
      events_.announce(row);
    });
    return;
  }
  row.log_path = log_path_for(row, ticket);
  row.parameters = std::move(parameters);
  const bool starts = admission.decision == Admission::Decision::start;
  row.state = starts ? RunState::running : RunState::queued;
  if (starts) row.started_at = row.queued_at;
  active_.emplace(ticket, ActiveRun{row, &job, starts, false, false});
  parts_.store.insert(std::move(row), [this, ticket, done = std::move(done)](std::optional<RunId> id) {
    if (done && id) done(TriggerAccepted{*id});
    recorded(ticket, id);
  });
}

void Supervisor::resume(const Run& row) {
  const auto job = jobs_.find(row.job_name);
  if (job == jobs_.end()) {
    Outcome outcome;
    outcome.state = RunState::cancelled;
    outcome.finished_at = current_instant();
    outcome.error_type = "unknown job";
    outcome.error_message =
        "no module registers " + row.job_name + " any more; the run had waited for its start";
    parts_.store.record_outcome(row.id, outcome, {}, std::nullopt, [] {});
    return;
  }
  const Ticket ticket = ++last_ticket_;
  const RunKind kind = job->second.job.run_in_process ? RunKind::process : RunKind::thread;
  // The overlap rule was kept when the run was admitted; now it only needs a place.
  const Admission admission = dispatcher_.admit(ticket, row.job_name, kind, true);
  Run resumed = row;
  if (resumed.log_path.empty()) resumed.log_path = log_path_for(row, ticket);
  active_.emplace(ticket, ActiveRun{std::move(resumed), &job->second, false, false, false});
  if (admission.decision == Admission::Decision::start) give_places({ticket});
}

void Supervisor::recorded(Ticket ticket, std::optional<RunId> id) {
  const auto found = active_.find(ticket);
  if (found == active_.end()) return;
  if (!id) {
    // The occurrence has its row already: a clock that was set back came by again.
    active_.erase(found);
    give_places(dispatcher_.finished(ticket));
    return stopped_if_idle();
  }
  ActiveRun& run = found->second;
  run.row.id = *id;
  events_.announce(run.row);
  if (run.row.state == RunState::running)
    execute(ticket);
  else if (run.may_start)
    launch(ticket);
}

void Supervisor::give_places(const std::vector<Ticket>& tickets) {
  for (const Ticket ticket : tickets) {
    const auto found = active_.find(ticket);
    if (found == active_.end()) continue;
    found->second.may_start = true;
    if (found->second.row.id != 0) launch(ticket);
  }
}

// queued → running, on disk before anything starts.
void Supervisor::launch(Ticket ticket) {
  ActiveRun& run = active_.at(ticket);
  run.row.state = RunState::running;
  run.row.started_at = current_instant();
  parts_.store.record_started(run.row.id, *run.row.started_at, run.row.log_path, [this, ticket] {
    const auto found = active_.find(ticket);
    if (found == active_.end()) return;
    events_.announce(found->second.row);
    execute(ticket);
  });
}

void Supervisor::execute(Ticket ticket) {
  ActiveRun& run = active_.at(ticket);
  if (shutting_down_) {
    Outcome outcome;
    outcome.state = RunState::cancelled;
    outcome.finished_at = current_instant();
    outcome.error_type = "shutdown";
    outcome.error_message = "the supervisor was stopped before the run had begun";
    return ended(ticket, std::move(outcome));
  }
  const Job& job = run.job->job;
  RunRequest request;
  request.run_id = run.row.id;
  request.job_name = job.name;
  request.module = run.job->module;
  request.function = job.function;
  request.attempt = run.row.attempt;
  request.trigger = run.row.trigger;
  request.scheduled_for = run.row.scheduled_for;
  request.timeout = job.timeout;
  request.grace = job.grace;
  request.parameters = job.parameters;
  for (const auto& [name, value] : run.row.parameters) request.parameters[name] = value;
  request.last_entry = last_entries_[job.name];
  request.log_file = settings_.log_directory / run.row.log_path;
  RunCallbacks callbacks;
  callbacks.on_progress = [](const Progress&) {};
  callbacks.on_overdue = [this, ticket] { overdue(ticket); };
  callbacks.on_outcome = [this, ticket](Outcome outcome) { ended(ticket, std::move(outcome)); };
  run.launched = true;
  spdlog::info("{} run {} starts ({})", job.name, run.row.id, to_string(run.row.trigger));
  executor_of(*run.job).start(std::move(request), std::move(callbacks));
}

void Supervisor::overdue(Ticket ticket) {
  ActiveRun& run = active_.at(ticket);
  run.announced_overdue = true;
  spdlog::warn("{} run {} is past its timeout and has been asked to stop", run.row.job_name, run.row.id);
  Run view = run.row;
  view.state = RunState::timed_out;
  view.finished_at = current_instant();
  view.error_type = "timeout";
  view.error_message = "still running after its timeout; it has been asked to stop";
  Notifier::Prepared prepared = parts_.notifier.prepare(view, log_tail(run.row), current_instant());
  parts_.store.record_alarm(std::move(prepared.mails), std::move(prepared.alarm),
                            [this] { parts_.notifier.wake(); });
  give_places(dispatcher_.overdue(ticket));
}

void Supervisor::ended(Ticket ticket, Outcome outcome) {
  ActiveRun& run = active_.at(ticket);
  apply(outcome, run.row);
  const auto duration = outcome.finished_at - run.row.started_at.value_or(outcome.finished_at);
  if (is_failure(outcome.state))
    spdlog::error("{} run {} {} after {} ms: {}: {}", run.row.job_name, run.row.id, to_string(outcome.state),
                  duration.count(), outcome.error_type, outcome.error_message);
  else
    spdlog::info("{} run {} {} after {} ms", run.row.job_name, run.row.id, to_string(outcome.state),
                 duration.count());
  if (!outcome.last_entry.empty()) last_entries_[run.row.job_name] = outcome.last_entry;
  Notifier::Prepared prepared;
  if (!run.announced_overdue)
    prepared = parts_.notifier.prepare(run.row, is_failure(outcome.state) ? log_tail(run.row) : std::string{},
                                       current_instant());
  const RunId id = run.row.id;
  const std::string job_name = run.row.job_name;
  parts_.store.record_outcome(id, std::move(outcome), std::move(prepared.mails), std::move(prepared.alarm),
                              [this, ticket] { committed(ticket); });
  scheduler_.finished(job_name, run.row.finished_at.value_or(current_instant()));
  if (!shutting_down_) timer_.arm(scheduler_.next_wake_up());
  // The run has left nothing behind, so its place need not wait for the disk.
  give_places(dispatcher_.finished(ticket));
}

void Supervisor::committed(Ticket ticket) {
  const auto found = active_.find(ticket);
  events_.announce(found->second.row);
  active_.erase(found);
  parts_.notifier.wake();
  stopped_if_idle();
}

void Supervisor::stopped_if_idle() {
  if (shutting_down_ && active_.empty() && stopped_) std::exchange(stopped_, nullptr)();
}

std::string Supervisor::log_path_for(const Run& row, Ticket ticket) const {
  const Instant at = row.scheduled_for.value_or(row.queued_at);
  return fmt::format("{}/{:%Y%m%dT%H%M%S}Z-{}-{}.log", row.job_name,
                     fmt::gmtime(std::chrono::system_clock::to_time_t(at)),
                     row.queued_at.time_since_epoch().count(), ticket);
}

std::vector<JobSummary> Supervisor::jobs() const {
  std::vector<JobSummary> summaries;
  for (const auto& [name, active] : jobs_) {
    JobSummary summary;
    summary.name = name;
    if (active.job.schedule) summary.schedule = to_string(*active.job.schedule);
    summary.next_occurrence = scheduler_.next_occurrence(name);
    summary.run_in_process = active.job.run_in_process;
    summary.timeout = active.job.timeout;
    for (const auto& [ticket, run] : active_)
      if (run.row.job_name == name && run.row.id != 0) summary.active_runs.push_back(run.row.id);
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

void Supervisor::trigger(std::string job_name, Parameters parameters, std::string requested_by,
                         std::function<void(TriggerResult)> done) {
  const auto job = jobs_.find(job_name);
  if (job == jobs_.end()) return done(TriggerUnknownJob{});
  if (shutting_down_) return done(TriggerRefused{"the supervisor is shutting down"});
  Run row;
  row.job_name = std::move(job_name);
  row.trigger = Trigger::manual;
  row.requested_by = std::move(requested_by);
  begin(job->second, std::move(row), std::move(parameters), std::move(done));
}

void Supervisor::runs(RunQuery query, std::function<void(std::vector<Run>)> done) {
  parts_.store.query(std::move(query), std::move(done));
}

void Supervisor::run(RunId id, std::function<void(std::optional<Run>)> done) {
  parts_.store.find(id, std::move(done));
}

std::filesystem::path Supervisor::log_file(const Run& run) const {
  return run.log_path.empty() ? std::filesystem::path{} : settings_.log_directory / run.log_path;
}

std::string Supervisor::log_tail(const Run& run) const {
  return read_last_lines(log_file(run), kMailedLogLines, kMailedLogBytes);
}

std::string Supervisor::trouble() const {
  return parts_.store.healthy() ? std::string{} : parts_.store.trouble();
}

}  // namespace rota
