// What the outside asks of the daemon, answered by its parts. Event loop's thread.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "supervisor/daemon/history_keeper.h"
#include "supervisor/daemon/supervisor.h"
#include "supervisor/http/scheduler_api.h"

namespace rota {

class Api : public SchedulerApi {
 public:
  // They outlive the interface.
  struct Parts {
    Supervisor& supervisor;
    RunStore& store;
    HistoryKeeper& history;
    std::function<void(std::function<void(ReloadResult)>)> reload;
    std::filesystem::path backup_directory;
    Instant started_at{};
    std::function<void()> pauses_changed;
  };
  explicit Api(Parts parts) : parts_{std::move(parts)} {}

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
  void reload(std::function<void(ReloadResult)> done) override;
  void prune(std::function<void(PruneResult)> done) override;
  void back_up(std::function<void(BackUpResult)> done) override;
  std::filesystem::path log_file(const Run& run) const override;
  std::string trouble() const override;

 private:
  JobSummary summary_of(const ActiveJob& active,
                        const std::map<std::string_view, std::vector<RunId>>& runs) const;

  Parts parts_;
  int backups_ = 0;
};

}  // namespace rota
