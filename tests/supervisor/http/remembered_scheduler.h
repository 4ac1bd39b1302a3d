// A supervisor in memory, for tests of the HTTP interface: a few jobs and runs, no clock,
// no processes. What it is told to do it does to them, or refuses as the real one does.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "supervisor/http/scheduler_api.h"

namespace rota {

class RememberedScheduler : public SchedulerApi {
 public:
  // Logs and copies of the database lie in `directory`. Run 1 has succeeded and has a log, run
  // 2 runs, has reported progress and has a log, run 3 waits. While there is a file "held" in it, pruning
  // and the question for runs are answered by the next reload only.
  explicit RememberedScheduler(std::filesystem::path directory);

  std::vector<JobSummary> jobs() const override;
  std::optional<JobSummary> job(const std::string& name) const override;
  SupervisorStatus status() const override;
  void trigger(std::string job_name, Parameters parameters, std::string requested_by,
               std::function<void(TriggerResult)> done) override;
  void runs(RunQuery query, std::function<void(std::vector<Run>)> done) override;
  void run(RunId id, std::function<void(std::optional<Run>)> done) override;
  std::optional<RunProgress> progress(RunId id) const override;
  void cancel(RunId id, std::string requested_by, std::function<void(CancelResult)> done) override;
  void pause(Pause pause, std::function<void(std::string)> done) override;
  void resume(Pause::Scope scope, std::string name, std::function<void(std::string)> done) override;
  // Fails if `directory` holds a file "faulty".
  void reload(std::function<void(ReloadResult)> done) override;
  void prune(std::function<void(PruneResult)> done) override;
  // Fails if `directory` holds a file "full".
  void back_up(std::function<void(BackUpResult)> done) override;
  std::filesystem::path log_file(const Run& run) const override;
  std::string trouble() const override;

 private:
  void answer(std::function<void()> done);
  std::string unknown(Pause::Scope scope, const std::string& name) const;

  std::filesystem::path directory_;
  std::map<std::string, JobSummary> jobs_;
  std::vector<Run> runs_;  // the newest last
  std::vector<Pause> pauses_;
  std::vector<std::function<void()>> held_;
};

}  // namespace rota
