#include "supervisor/daemon/run_lifecycle.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "supervisor/daemon/log_run.h"
#include "supervisor/daemon/run_rows.h"

namespace rota {
void RunLifecycle::begin(JobHandle job, Run row, std::function<void(TriggerResult)> done) {
  if (shutting_down_) {
    if (done) done(TriggerRefused{"the supervisor is shutting down"});
    return;
  }
  admit(std::move(job), std::move(row), std::nullopt, std::move(done));
}

bool RunLifecycle::would_start(const ActiveJob& job) const {
  return dispatcher_.would_start(candidate_for(job, Trigger::schedule));
}

void RunLifecycle::begin_early(JobHandle job, Run row, Instant at) {
  admit(std::move(job), std::move(row), at, nullptr);
}

void RunLifecycle::admit(JobHandle job, Run row, std::optional<Instant> starts_at,
                         std::function<void(TriggerResult)> done) {
  const Ticket ticket = ++last_ticket_;
  const Admission admission = dispatcher_.admit(ticket, candidate_for(*job, row.trigger));
  row.queued_at = parts_.now();
  if (admission.decision == Admission::Decision::skip) {
    if (done) return done(TriggerRefused{admission.reason});
    return record(skipped_row(std::move(row), "overlap", admission.reason));
  }
  row.log_path = log_path_of(row, ticket);
  const bool starts = admission.decision == Admission::Decision::start;
  row.state = starts ? RunState::running : RunState::queued;
  if (starts) row.started_at = starts_at.value_or(row.queued_at);
  ActiveRun& run = active_.add(ticket, row, std::move(job));
  run.may_start = starts;
  run.replaced = admission.replaced;
  run.stops = admission.stop;
  hooks_.begun(row);
  // What a process needs until its job can begin is done while the disk takes the row; a thread needs
  // nothing.
  std::function<void(RunId)> written;
  if (starts && run.job->terms->run_in_process) written = [this, ticket](RunId id) { prepare(ticket, id); };
  parts_.store.insert(std::move(row), std::move(written),
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
  parts_.store.record_started(run.row.id, *run.row.started_at, run.row.log_path, [this, ticket] {
    const ActiveRun* const started = active_.find(ticket);
    if (!started) return;
    events_.announce(started->row);
    execute(ticket);
  });
  // It has its id, so its process need not wait until the write is made.
  if (run.job->terms->run_in_process) prepare(ticket, run.row.id);
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
  if (run.fate) {
    // It may have been cancelled before its time.
    run.fate->finished_at = std::max(run.fate->finished_at, run.row.started_at.value());
    return ended(ticket, *run.fate);
  }
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
  RunRequest request = request_for(*run.job, run.row, last_entries_[run.row.job_name], parts_.log_directory);
  request.starts_at = run.row.started_at;
  executor_of(run).start(std::move(request), std::move(callbacks));
  // Afterwards, as whoever reads the log may be slow.
  log_run(spdlog::level::info, run.row, fmt::format("starts ({})", to_string(run.row.trigger)));
}

}  // namespace rota
