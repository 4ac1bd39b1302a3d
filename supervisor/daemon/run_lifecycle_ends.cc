// How runs come to their end: the second half of RunLifecycle.
#include <fmt/format.h>

#include <utility>

#include "supervisor/daemon/log_run.h"
#include "supervisor/daemon/run_lifecycle.h"
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

void RunLifecycle::overdue(Ticket ticket) {
  ActiveRun& run = active_.at(ticket);
  log_run(spdlog::level::warn, run.row, "is past its timeout and has been asked to stop");
  Run view = run.row;
  view.state = RunState::timed_out;
  view.finished_at = parts_.now();
  view.error_type = "timeout";
  view.error_message = "still running after its timeout; it has been asked to stop";
  const auto retry = next_attempt(view, run.job->terms->policies.retry, parts_.now());
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
    consequences.retry = next_attempt(run.row, run.job->terms->policies.retry, parts_.now());
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
