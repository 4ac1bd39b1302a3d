#include "supervisor/daemon/api.h"

#include <unistd.h>

#include <utility>

namespace rota {

JobSummary Api::summary_of(const ActiveJob& active,
                           const std::map<std::string_view, std::vector<RunId>>& runs) const {
  const JobTerms& terms = *active.terms;
  const Supervisor& supervisor = parts_.supervisor;
  JobSummary summary;
  summary.name = active.name;
  if (active.schedule) {
    summary.schedule = to_string(*active.schedule);
    summary.tags = active.schedule->tags();
  }
  summary.next_occurrence = supervisor.next_occurrence(active.name);
  summary.run_in_process = terms.run_in_process;
  summary.is_command = active.command != nullptr;
  summary.timeout = terms.timeout;
  summary.policies = terms.policies;
  if (const auto found = runs.find(active.name); found != runs.end()) summary.active_runs = found->second;
  summary.last_success_at = supervisor.last_success(active.name);
  if (const Pause* pause = supervisor.pauses().of(active.name, terms.policies.group)) summary.pause = *pause;
  summary.source = source_of(active);
  if (active.command) summary.command = active.command->arguments;
  return summary;
}

std::vector<JobSummary> Api::jobs() const {
  const auto runs = parts_.supervisor.runs().active().by_job();
  std::vector<JobSummary> summaries;
  for (const auto& [name, active] : parts_.supervisor.jobs()) summaries.push_back(summary_of(*active, runs));
  return summaries;
}

std::optional<JobSummary> Api::job(const std::string& name) const {
  const auto found = parts_.supervisor.jobs().find(name);
  if (found == parts_.supervisor.jobs().end()) return std::nullopt;
  return summary_of(*found->second, parts_.supervisor.runs().active().by_job());
}

SupervisorStatus Api::status() const {
  const Supervisor& supervisor = parts_.supervisor;
  SupervisorStatus status;
  status.version = ROTA_VERSION;
  status.started_at = parts_.started_at;
  status.jobs = supervisor.jobs().size();
  status.running = supervisor.runs().running();
  status.waiting = supervisor.runs().waiting();
  status.pauses = supervisor.pauses().all();
  status.trouble = trouble();
  if (const auto next = supervisor.next_job()) {
    status.next_occurrence = supervisor.next_occurrence(*next);
    status.next_job = *next;
  }
  return status;
}

void Api::trigger(std::string job_name, Parameters parameters, std::string requested_by,
                  std::function<void(TriggerResult)> done) {
  parts_.supervisor.trigger(job_name, std::move(parameters), std::move(requested_by), std::move(done));
}

void Api::runs(RunQuery query, std::function<void(std::vector<Run>)> done) {
  parts_.store.query(std::move(query), std::move(done));
}

void Api::run(RunId id, std::function<void(std::optional<Run>)> done) {
  parts_.store.find(id, std::move(done));
}

std::optional<RunProgress> Api::progress(RunId id) const {
  const ActiveRun* const run = parts_.supervisor.runs().active().with_id(id);
  return run ? run->progress : std::nullopt;
}

void Api::cancel(RunId id, std::string requested_by, std::function<void(CancelResult)> done) {
  const CancelResult result = parts_.supervisor.runs().cancel(id, requested_by);
  if (result != CancelResult::not_active) return done(result);
  parts_.store.find(id, [done = std::move(done)](const std::optional<Run>& run) {
    done(run ? CancelResult::not_active : CancelResult::unknown_run);
  });
}

void Api::pause(Pause pause, std::function<void(std::string)> done) {
  parts_.supervisor.pause(std::move(pause), std::move(done));
  parts_.pauses_changed();
}

void Api::resume(Pause::Scope scope, std::string name, std::function<void(std::string)> done) {
  parts_.supervisor.resume(scope, name, std::move(done));
  parts_.pauses_changed();
}

void Api::reload(std::function<void(ReloadResult)> done) { parts_.reload(std::move(done)); }

void Api::prune(std::function<void(PruneResult)> done) { parts_.history.prune(std::move(done)); }

void Api::back_up(std::function<void(BackUpResult)> done) {
  const std::filesystem::path file = parts_.backup_directory / ("backup-" + std::to_string(getpid()) + "-" +
                                                                std::to_string(++backups_) + ".db");
  parts_.store.back_up(file, [file, done = std::move(done)](std::string error) {
    done(BackUpResult{file, std::move(error)});
  });
}

std::filesystem::path Api::log_file(const Run& run) const { return parts_.supervisor.runs().log_file(run); }

std::string Api::trouble() const { return parts_.store.trouble(); }

}  // namespace rota
