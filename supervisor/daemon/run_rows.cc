#include "supervisor/daemon/run_rows.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <limits>
#include <utility>

#include "common/time/rfc3339.h"
#include "supervisor/rules/retry.h"

namespace rota {
namespace {

// For a row that stands for many.
std::string through_words(Instant missed_through) {
  return "this occurrence and every later one before " + format_rfc3339(missed_through) + " passed unfired";
}

}  // namespace

Run scheduled_row(const DueOccurrence& occurrence) {
  Run row;
  row.job_name = occurrence.job_name;
  row.trigger = occurrence.kind == DueOccurrence::Kind::catch_up ? Trigger::catch_up : Trigger::schedule;
  row.scheduled_for = occurrence.scheduled_for;
  return row;
}

Run missed_row(const DueOccurrence& occurrence, Instant now) {
  Run row = scheduled_row(occurrence);
  row.state = RunState::missed;
  row.queued_at = now;
  row.error_type = "missed";
  row.error_message = occurrence.missed_through
                          ? through_words(*occurrence.missed_through)
                          : "the supervisor was not running, or the clock passed over this occurrence";
  return row;
}

Run skipped_row(Run row, std::string error_type, std::string reason) {
  row.state = RunState::skipped;
  row.error_type = std::move(error_type);
  row.error_message = std::move(reason);
  return row;
}

std::string pause_reason(const Pause& pause) {
  std::string what = "all jobs are";
  if (pause.scope == Pause::Scope::job) what = "the job is";
  if (pause.scope == Pause::Scope::group) what = "the group " + pause.name + " is";
  return what + " paused by " + pause.paused_by + " since " + format_rfc3339(pause.paused_at);
}

Run paused_row(const DueOccurrence& occurrence, const Pause& pause) {
  std::string reason = pause_reason(pause);
  if (occurrence.missed_through) reason += "; " + through_words(*occurrence.missed_through);
  return skipped_row(scheduled_row(occurrence), "paused", std::move(reason));
}

bool was_paused(const Run& row) { return row.state == RunState::skipped && row.error_type == "paused"; }

std::optional<Run> next_attempt(const Run& ended, const RetryPolicy& policy, Instant now) {
  const std::string seed = ended.job_name + "/" + std::to_string(ended.id);
  const auto delay = retry_delay(policy, ended.state, ended.attempt, seed);
  if (!delay) return std::nullopt;
  Run next;
  next.job_name = ended.job_name;
  next.trigger = Trigger::retry;
  next.scheduled_for = ended.scheduled_for;
  next.attempt = ended.attempt + 1;
  next.state = RunState::queued;
  next.queued_at = now;
  next.parameters = ended.parameters;
  next.requested_by = ended.requested_by;
  next.retry_of = ended.id;
  next.not_before = now + *delay;
  return next;
}

Outcome ended_without_run(RunState state, std::string error_type, std::string reason, Instant now) {
  Outcome outcome;
  outcome.state = state;
  outcome.finished_at = now;
  outcome.error_type = std::move(error_type);
  outcome.error_message = std::move(reason);
  return outcome;
}

Candidate candidate_for(const ActiveJob& job, Trigger trigger) {
  using Rule = OverlapPolicy::Rule;
  const Policies& policies = job.terms->policies;
  Candidate candidate;
  candidate.job_name = job.name;
  candidate.kind = job.terms->run_in_process ? RunKind::process : RunKind::thread;
  candidate.overlap = policies.overlap;
  candidate.group = policies.group;
  candidate.priority = policies.priority;
  candidate.ignores_hold = trigger == Trigger::manual;
  if (trigger == Trigger::catch_up && candidate.overlap.rule != Rule::parallel)
    candidate.overlap = {Rule::queue, std::numeric_limits<int>::max()};
  if (trigger == Trigger::dependency && candidate.overlap.rule == Rule::skip)
    candidate.overlap = {Rule::queue, 1};
  if (trigger == Trigger::retry && candidate.overlap.rule == Rule::replace)
    candidate.overlap = {Rule::skip, 1};
  return candidate;
}

std::string log_path_of(const Run& run, Ticket ticket) {
  const Instant at = run.scheduled_for.value_or(run.queued_at);
  return fmt::format("{}/{:%Y%m%dT%H%M%S}Z-{}-{}.log", run.job_name,
                     fmt::gmtime(std::chrono::system_clock::to_time_t(at)),
                     run.queued_at.time_since_epoch().count(), ticket);
}

RunRequest request_for(const ActiveJob& active, const Run& run, std::string last_entry,
                       const std::filesystem::path& log_directory) {
  const JobTerms& terms = *active.terms;
  RunRequest request;
  request.run_id = run.id;
  request.job_name = active.name;
  request.module = terms.module;
  request.function = active.function;
  if (active.command) request.command = *active.command;
  request.limits = terms.limits;
  request.attempt = run.attempt;
  request.trigger = run.trigger;
  request.scheduled_for = run.scheduled_for;
  request.timeout = terms.timeout;
  request.grace = terms.grace;
  request.parameters = terms.parameters;
  for (const auto& [name, value] : run.parameters) request.parameters[name] = value;
  request.last_entry = std::move(last_entry);
  request.log_file = log_directory / run.log_path;
  return request;
}

}  // namespace rota
