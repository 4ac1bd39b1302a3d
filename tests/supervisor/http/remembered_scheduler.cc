#include "tests/supervisor/http/remembered_scheduler.h"

#include <algorithm>
#include <fstream>
#include <utility>

namespace rota {
namespace {

constexpr Instant kStart{std::chrono::hours{24 * 365 * 50}};  // 2019-12-20T00:00Z

JobSummary import_job() {
  JobSummary job;
  job.name = "import";
  job.schedule = "every day at 03:00 in UTC";
  job.next_occurrence = kStart + std::chrono::hours{3};
  job.is_command = true;
  job.run_in_process = true;
  job.timeout = std::chrono::milliseconds{1500};
  job.command = {"/usr/bin/python3", "import.py"};
  job.tags = {"nightly"};
  job.source = "/etc/rota/jobs.d/import.toml";
  job.last_success_at = kStart;
  job.policies.overlap = {OverlapPolicy::Rule::queue, 3};
  job.policies.retry.limit = 2;
  job.policies.retry.on_lost = false;
  job.policies.dependencies.after = {"fetch"};
  job.policies.group = "heavy";
  job.policies.finish_within = std::chrono::hours{1};
  job.active_runs = {2, 3};
  return job;
}

Run run_of(RunId id, RunState state) {
  Run run;
  run.id = id;
  run.job_name = "import";
  run.state = state;
  run.queued_at = kStart + std::chrono::minutes{id};
  if (state == RunState::queued) return run;
  run.started_at = run.queued_at;
  run.log_path = "import-" + std::to_string(id) + ".log";
  return run;
}

}  // namespace

RememberedScheduler::RememberedScheduler(std::filesystem::path directory) : directory_{std::move(directory)} {
  jobs_["import"] = import_job();
  jobs_["fetch"].name = "fetch";
  runs_ = {run_of(1, RunState::succeeded), run_of(2, RunState::running), run_of(3, RunState::queued)};
  runs_[2].trigger = Trigger::retry;
  runs_[2].retry_of = 1;
  runs_[2].not_before = kStart + std::chrono::minutes{9};
  runs_[2].late_since = kStart + std::chrono::minutes{8};
  std::ofstream{directory_ / "import-1.log"} << "first line\nsecond line\n";
  std::ofstream{directory_ / "import-2.log"} << "so far\n";
}

std::vector<JobSummary> RememberedScheduler::jobs() const {
  std::vector<JobSummary> all;
  all.reserve(jobs_.size());
  for (const auto& [name, job] : jobs_) all.push_back(*this->job(name));
  return all;
}

std::optional<JobSummary> RememberedScheduler::job(const std::string& name) const {
  const auto found = jobs_.find(name);
  if (found == jobs_.end()) return std::nullopt;
  JobSummary job = found->second;
  for (const Pause& pause : pauses_)
    if (pause.scope == Pause::Scope::all || pause.name == name) job.pause = pause;
  return job;
}

SupervisorStatus RememberedScheduler::status() const {
  return {"0.0.0", kStart, jobs_.size(), 1, 1, kStart + std::chrono::hours{3}, "import", pauses_, trouble()};
}

void RememberedScheduler::trigger(std::string job_name, Parameters parameters, std::string requested_by,
                                  std::function<void(TriggerResult)> done) {
  if (jobs_.count(job_name) == 0) return done(TriggerUnknownJob{});
  if (job_name == "fetch") return done(TriggerRefused{"fetch is active already"});
  Run run = run_of(static_cast<RunId>(runs_.size()) + 1, RunState::queued);
  run.trigger = Trigger::manual;
  run.parameters = std::move(parameters);
  run.requested_by = std::move(requested_by);
  runs_.push_back(run);
  done(TriggerAccepted{run.id});
}

void RememberedScheduler::runs(RunQuery query, std::function<void(std::vector<Run>)> done) {
  std::vector<Run> found;
  std::copy_if(runs_.rbegin(), runs_.rend(), std::back_inserter(found),
               [&](const Run& run) { return !query.since || run.queued_at >= *query.since; });
  answer([found, done] { done(found); });
}

void RememberedScheduler::run(RunId id, std::function<void(std::optional<Run>)> done) {
  const auto found = std::find_if(runs_.begin(), runs_.end(), [id](const Run& run) { return run.id == id; });
  done(found == runs_.end() ? std::nullopt : std::optional{*found});
}

std::optional<RunProgress> RememberedScheduler::progress(RunId id) const {
  if (id != 2) return std::nullopt;
  return RunProgress{3, 10, "page 3"};
}

void RememberedScheduler::cancel(RunId id, std::string requested_by, std::function<void(CancelResult)> done) {
  const auto found = std::find_if(runs_.begin(), runs_.end(), [id](const Run& run) { return run.id == id; });
  if (found == runs_.end()) return done(CancelResult::unknown_run);
  if (is_final(found->state)) return done(CancelResult::not_active);
  found->state = RunState::cancelled;
  found->error_message = "cancelled by " + requested_by;
  done(CancelResult::asked);
}

std::string RememberedScheduler::unknown(Pause::Scope scope, const std::string& name) const {
  if (scope == Pause::Scope::job && jobs_.count(name) == 0) return "there is no job " + name;
  if (scope == Pause::Scope::group && name != "heavy") return "there is no group " + name;
  return {};
}

void RememberedScheduler::pause(Pause pause, std::function<void(std::string)> done) {
  const std::string refusal = unknown(pause.scope, pause.name);
  if (refusal.empty()) pauses_.push_back(std::move(pause));
  done(refusal);
}

void RememberedScheduler::resume(Pause::Scope scope, std::string name,
                                 std::function<void(std::string)> done) {
  pauses_.erase(
      std::remove_if(pauses_.begin(), pauses_.end(),
                     [&](const Pause& pause) { return pause.scope == scope && pause.name == name; }),
      pauses_.end());
  done(unknown(scope, name));
}

void RememberedScheduler::answer(std::function<void()> done) {
  if (!std::filesystem::exists(directory_ / "held")) return done();
  held_.push_back(std::move(done));
}

void RememberedScheduler::reload(std::function<void(ReloadResult)> done) {
  for (const auto& answer : std::exchange(held_, {})) answer();
  ReloadResult result{"", 1, 2, 3, 4};
  if (std::filesystem::exists(directory_ / "faulty")) result.error = "rota.toml:1: fault\nrota.toml:2: fault";
  done(result);
}

void RememberedScheduler::prune(std::function<void(PruneResult)> done) {
  answer([done] { done({10, 3}); });
}

void RememberedScheduler::back_up(std::function<void(BackUpResult)> done) {
  BackUpResult result{directory_ / "copy.db", ""};
  if (std::filesystem::exists(directory_ / "full")) result.error = "no space left on device";
  std::ofstream{result.file} << std::string(100'000, 'b');
  done(result);
}

std::filesystem::path RememberedScheduler::log_file(const Run& run) const {
  return run.log_path.empty() ? std::filesystem::path{} : directory_ / run.log_path;
}

std::string RememberedScheduler::trouble() const {
  return std::filesystem::exists(directory_ / "full") ? "the database cannot be written" : "";
}

}  // namespace rota
