#include "supervisor/daemon/run_lifecycle.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "supervisor/daemon/log_run.h"
#include "supervisor/daemon/run_rows.h"
#include "supervisor/executor/run_log.h"

namespace rota {
namespace {

constexpr int kMailedLogLines = 50;
constexpr std::size_t kMailedLogBytes = std::size_t{64} * 1024;

void log_end(const Run& row) {
  const auto finished = row.finished_at.value_or(row.queued_at);
  const auto duration = finished - row.started_at.value_or(finished);
  if (is_failure(row.state))
    log_run(spdlog::level::err, row,
            fmt::format("{} after {} ms: {}: {}", to_string(row.state), duration.count(), row.error_type,
                        row.error_message));
  else
    log_run(spdlog::level::info, row, fmt::format("{} after {} ms", to_string(row.state), duration.count()));
}

}  // namespace

void RunLifecycle::begin(JobHandle job, Run row, std::function<void(TriggerResult)> done) {
  if (shutting_down_) {
    if (done) done(TriggerRefused{"the supervisor is shutting down"});
    return;
  }
  const Ticket ticket = ++last_ticket_;
  const Admission admission = dispatcher_.admit(ticket, candidate_for(*job, row.trigger));
  const Instant now = parts_.now();
  row.queued_at = now;
  if (admission.decision == Admission::Decision::skip) {
    if (done) return done(TriggerRefused{admission.reason});
    return record(skipped_row(std::move(row), "overlap", admission.reason));
  }
  row.log_path = log_path_of(row, ticket);
  const bool starts = admission.decision == Admission::Decision::start;
  row.state = starts ? RunState::running : RunState::queued;
  if (starts) row.started_at = row.queued_at;
  ActiveRun& run = active_.add(ticket, row, std::move(job));
  run.may_start = starts;
  run.replaced = admission.replaced;
  run.stops = admission.stop;
  hooks_.begun(row);
  parts_.store.insert(std::move(row), starts ? preparation(ticket) : nullptr,
                      [this, ticket, done = std::move(done)](std::optional<RunId> id) {
                        if (done && id) done(TriggerAccepted{*id});
                        recorded(ticket, id);
                      });
}

// Those whose place a run takes make room once it has its row: an occurrence that has had its row before
// takes nobody's. What waited has left its line already.
void RunLifecycle::take_places(const ActiveRun& run, bool has_row) {
  const auto fate = [now = parts_.now()](RunState state) {
    return ended_without_run(state, "replaced", "a later run took its place", now);
  };
  for (const Ticket waited : run.replaced)
    if (active_.find(waited)) give_up(waited, fate(RunState::skipped));
  if (!has_row) return;
  for (const Ticket running : run.stops) stop(running, fate(RunState::cancelled));
}

void RunLifecycle::record(Run row, std::function<void()> refused) {
  if (row.queued_at == Instant{}) row.queued_at = parts_.now();
  parts_.store.insert(row, nullptr,
                      [this, row, refused = std::move(refused)](std::optional<RunId> id) mutable {
                        if (!id) {
                          if (refused) refused();
                          return;
                        }
                        row.id = *id;
                        events_.announce(row);
                        hooks_.recorded(row);
                      });
}

void RunLifecycle::resume(Run row) {
  const JobHandle job = hooks_.job_of(row.job_name);
  if (!job)
    return end_unstarted(row, ended_without_run(RunState::cancelled, "unknown job",
                                                "there is no job " + row.job_name +
                                                    " any more; the run had waited for its start",
                                                parts_.now()));
  const Instant now = parts_.now();
  if (row.not_before && *row.not_before > now) return retries_.add(std::move(row), now);
  Candidate candidate = candidate_for(*job, row.trigger);
  // The overlap rule was kept when the run was admitted; now it only needs a place.
  if (candidate.overlap.rule != OverlapPolicy::Rule::parallel)
    candidate.overlap = {OverlapPolicy::Rule::queue, std::numeric_limits<int>::max()};
  admit_waiting(job, std::move(row), candidate);
}

void RunLifecycle::lost(const Run& row) {
  Outcome outcome = ended_without_run(RunState::lost, row.error_type, row.error_message,
                                      row.finished_at.value_or(parts_.now()));
  end_unstarted(row, std::move(outcome));
}

void RunLifecycle::start_due_retries(Instant now) {
  for (Run& row : retries_.take_due(now)) {
    const JobHandle job = hooks_.job_of(row.job_name);
    if (job)
      admit_waiting(job, std::move(row), candidate_for(*job, Trigger::retry));
    else
      resume(std::move(row));
  }
}

// Admits a run whose row is in the store already.
void RunLifecycle::admit_waiting(JobHandle job, Run row, const Candidate& candidate) {
  const Ticket ticket = ++last_ticket_;
  const Admission admission = dispatcher_.admit(ticket, candidate);
  if (admission.decision == Admission::Decision::skip)
    return end_unstarted(row,
                         ended_without_run(RunState::skipped, "overlap", admission.reason, parts_.now()));
  if (row.log_path.empty()) row.log_path = log_path_of(row, ticket);
  active_.add(ticket, std::move(row), std::move(job));
  if (admission.decision == Admission::Decision::start) give_places({ticket});
}

// The end of a row that no executor has.
void RunLifecycle::end_unstarted(const Run& row, Outcome outcome) {
  const Ticket ticket = ++last_ticket_;
  active_.add(ticket, row, hooks_.job_of(row.job_name)).announced_overdue = row.overdue_since.has_value();
  ended(ticket, std::move(outcome));
}

void RunLifecycle::recorded(Ticket ticket, std::optional<RunId> id) {
  ActiveRun* const found = active_.find(ticket);
  if (!found) return;
  ActiveRun& run = *found;
  take_places(run, id.has_value());
  if (!id) {
    abandon(run);
    // The occurrence has its row already: a clock that was set back came by again.
    Run row = skipped_row(std::move(run.row), "recorded", "the occurrence has its row already");
    active_.remove(ticket);
    // Its deadline is that of the run that has it.
    row.scheduled_for.reset();
    give_places(dispatcher_.finished(ticket));
    hooks_.refused(row);
    hooks_.ended(row, false);
    return stopped_if_idle();
  }
  active_.set_id(ticket, *id);
  events_.announce(run.row);
  hooks_.recorded(run.row);
  if (run.row.state == RunState::running)
    execute(ticket);
  else if (run.fate)
    ended(ticket, *run.fate);
  else if (run.may_start)
    launch(ticket);
}

void RunLifecycle::give_places(const std::vector<Ticket>& tickets) {
  for (const Ticket ticket : tickets) {
    ActiveRun* const run = active_.find(ticket);
    if (!run) continue;
    run->may_start = true;
    if (run->row.id != 0) launch(ticket);
  }
}

// queued → running, on disk before anything starts.
void RunLifecycle::launch(Ticket ticket) {
  ActiveRun& run = active_.at(ticket);
  run.row.state = RunState::running;
  run.row.started_at = parts_.now();
  std::function<void()> written;
  if (auto prepare = preparation(ticket))
    written = [prepare = std::move(prepare), id = run.row.id] { prepare(id); };
  parts_.store.record_started(run.row.id, *run.row.started_at, run.row.log_path, std::move(written),
                              [this, ticket] {
                                const ActiveRun* const started = active_.find(ticket);
                                if (!started) return;
                                events_.announce(started->row);
                                execute(ticket);
                              });
}

// What a process needs until its job can begin is done while the disk takes the row; a thread needs nothing.
std::function<void(RunId)> RunLifecycle::preparation(Ticket ticket) {
  if (!active_.at(ticket).job->job.run_in_process) return nullptr;
  return [this, ticket](RunId id) { prepare(ticket, id); };
}

// The row with this id may still be undone, and get another.
void RunLifecycle::prepare(Ticket ticket, RunId id) {
  ActiveRun* const run = active_.find(ticket);
  if (!run || run->ended || run->fate || run->launched || shutting_down_ || run->prepared == id) return;
  abandon(*run);
  Run row = run->row;
  row.id = id;
  run->prepared = id;
  executor_of(*run).prepare(request_for(*run->job, row, last_entries_[row.job_name], parts_.log_directory));
}

void RunLifecycle::abandon(ActiveRun& run) {
  if (const auto id = std::exchange(run.prepared, std::nullopt)) executor_of(run).abandon(*id);
}

void RunLifecycle::execute(Ticket ticket) {
  ActiveRun& run = active_.at(ticket);
  if (shutting_down_ && !run.fate)
    run.fate = ended_without_run(RunState::cancelled, "shutdown",
                                 "the supervisor was stopped before the run had begun", parts_.now());
  if (run.fate) return ended(ticket, *run.fate);
  RunCallbacks callbacks;
  callbacks.on_progress = [this, ticket](const Progress& progress) {
    if (ActiveRun* const reporting = active_.find(ticket))
      reporting->progress = RunProgress{progress.done, progress.total, progress.message};
  };
  callbacks.on_overdue = [this, ticket] { overdue(ticket); };
  callbacks.on_log_trouble = [this, ticket](const std::string& trouble) {
    log_run(spdlog::level::warn, active_.at(ticket).row, trouble);
  };
  callbacks.on_outcome = [this, ticket](Outcome outcome) { ended(ticket, std::move(outcome)); };
  run.launched = true;
  if (run.prepared != std::optional{run.row.id}) abandon(run);
  run.prepared.reset();
  executor_of(run).start(
      request_for(*run.job, run.row, last_entries_[run.row.job_name], parts_.log_directory),
      std::move(callbacks));
  // Afterwards, as whoever reads the log may be slow.
  log_run(spdlog::level::info, run.row, fmt::format("starts ({})", to_string(run.row.trigger)));
}

void RunLifecycle::overdue(Ticket ticket) {
  ActiveRun& run = active_.at(ticket);
  log_run(spdlog::level::warn, run.row, "is past its timeout and has been asked to stop");
  Run view = run.row;
  view.state = RunState::timed_out;
  view.finished_at = parts_.now();
  view.error_type = "timeout";
  view.error_message = "still running after its timeout; it has been asked to stop";
  const auto retry = next_attempt(view, run.job->job.policies.retry, parts_.now());
  if (!retry) {
    run.announced_overdue = true;
    Notifier::Prepared prepared = announcement(view, retry);
    parts_.store.record_alarm(std::move(prepared.mails), std::move(prepared.alarm), {.overdue = run.row.id},
                              parts_.now(), [this] { parts_.notifier.wake(); });
  }
  give_places(dispatcher_.overdue(ticket));
}

CancelResult RunLifecycle::cancel(RunId id, const std::string& requested_by) {
  Outcome fate =
      ended_without_run(RunState::cancelled, "cancelled", "cancelled by " + requested_by, parts_.now());
  if (const auto retry = retries_.take(id)) {
    end_unstarted(*retry, std::move(fate));
    return CancelResult::asked;
  }
  const auto found = active_.ticket_of(id);
  if (!found || active_.at(*found).ended) return CancelResult::not_active;
  const Ticket ticket = *found;
  if (dispatcher_.waits(ticket))
    give_up(ticket, std::move(fate));
  else
    stop(ticket, std::move(fate));
  return CancelResult::asked;
}

// For a run that has its place.
void RunLifecycle::stop(Ticket ticket, Outcome fate) {
  ActiveRun* const run = active_.find(ticket);
  if (!run || run->ended || run->fate) return;
  run->fate = std::move(fate);
  if (run->launched)
    executor_of(*run).stop(run->row.id, StopReason::cancel);
  else
    abandon(*run);
}

// For a run that waits, in the dispatcher or no more.
void RunLifecycle::give_up(Ticket ticket, Outcome fate) {
  ActiveRun& run = active_.at(ticket);
  if (run.row.id != 0) return ended(ticket, std::move(fate));
  run.fate = std::move(fate);
}

void RunLifecycle::ended(Ticket ticket, Outcome outcome) {
  ActiveRun& run = active_.at(ticket);
  run.ended = true;
  abandon(run);
  if (run.fate && outcome.state == RunState::cancelled) {
    outcome.error_type = run.fate->error_type;
    outcome.error_message = run.fate->error_message;
  }
  apply(outcome, run.row);
  log_end(run.row);
  if (!outcome.last_entry.empty()) last_entries_[run.row.job_name] = outcome.last_entry;
  Consequences consequences;
  if (run.job && !shutting_down_)
    consequences.retry = next_attempt(run.row, run.job->job.policies.retry, parts_.now());
  if (!run.announced_overdue) {
    Notifier::Prepared prepared = announcement(run.row, consequences.retry);
    consequences.mails = std::move(prepared.mails);
    consequences.alarm = std::move(prepared.alarm);
  }
  const auto retry = consequences.retry;
  parts_.store.record_outcome(
      run.row.id, std::move(outcome), std::move(consequences),
      [this, ticket, retry](std::optional<RunId> retry_id) { committed(ticket, retry, retry_id); });
  // The run has left nothing behind, so its place need not wait for the disk.
  give_places(dispatcher_.finished(ticket));
  const Run row = run.row;
  if (retry) hooks_.begun(*retry);
  hooks_.ended(row, retry.has_value());
}

// A failure that is tried again is not told: the last attempt's is.
Notifier::Prepared RunLifecycle::announcement(const Run& row, const std::optional<Run>& retry) {
  if (retry) return {};
  return parts_.notifier.prepare(row, is_failure(row.state) ? log_tail(row) : std::string{}, parts_.now());
}

void RunLifecycle::committed(Ticket ticket, std::optional<Run> retry, std::optional<RunId> retry_id) {
  events_.announce(active_.at(ticket).row);
  active_.remove(ticket);
  if (retry && retry_id && !shutting_down_) {
    retry->id = *retry_id;
    events_.announce(*retry);
    resume(*std::move(retry));
    hooks_.retry_added();
  }
  parts_.notifier.wake();
  stopped_if_idle();
}

void RunLifecycle::shut_down(std::function<void()> stopped) {
  shutting_down_ = true;
  stopped_ = std::move(stopped);
  retries_.clear();
  std::vector<Ticket> waiting;
  for (const auto& [ticket, run] : active_.all())
    if (run.launched)
      executor_of(run).stop(run.row.id, StopReason::shutdown);
    else if (run.row.state == RunState::queued)
      waiting.push_back(ticket);
  for (const Ticket ticket : waiting) {
    // Its row, once written, stays queued: the next supervisor takes it up.
    dispatcher_.finished(ticket);
    active_.remove(ticket);
  }
  stopped_if_idle();
}

void RunLifecycle::stopped_if_idle() {
  if (shutting_down_ && active_.empty() && stopped_) std::exchange(stopped_, nullptr)();
}

std::string RunLifecycle::log_tail(const Run& run) const {
  return read_last_lines(log_file(run), kMailedLogLines, kMailedLogBytes);
}

std::filesystem::path RunLifecycle::log_file(const Run& run) const {
  return run.log_path.empty() ? std::filesystem::path{} : parts_.log_directory / run.log_path;
}

}  // namespace rota
