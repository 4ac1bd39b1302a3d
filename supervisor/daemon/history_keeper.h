// Removes what the history need no longer keep: rows in the store and the logs of runs, job
// after job in small steps, every hour and on request. Event loop's thread; files are
// removed on a thread of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "supervisor/executor/thread_pool.h"
#include "supervisor/http/scheduler_api.h"
#include "supervisor/job/job_table.h"
#include "supervisor/notify/loop.h"
#include "supervisor/store/run_store.h"

namespace rota {

class HistoryKeeper {
 public:
  // `rules_of` answers the jobs whose history is kept, with their rules. `store` outlives the keeper.
  using JobRules = std::vector<std::pair<std::string, RetentionRules>>;
  HistoryKeeper(RunStore& store, std::filesystem::path log_directory, Loop loop,
                std::function<JobRules()> rules_of)
      : store_{store},
        log_directory_{std::move(log_directory)},
        loop_{std::move(loop)},
        rules_of_{std::move(rules_of)} {}
  HistoryKeeper(const HistoryKeeper&) = delete;
  HistoryKeeper& operator=(const HistoryKeeper&) = delete;
  ~HistoryKeeper() { stop(); }

  // Prunes every hour from now on, first in a minute.
  void start();
  // Begins nothing more, and waits for the removal of files that has begun.
  void stop();

  // Prunes now. Requests that come while it does are answered with it.
  void prune(std::function<void(PruneResult)> done);

 private:
  void prune_after(std::chrono::milliseconds delay);
  void prune_next();
  void remove_logs(std::vector<std::string> paths);

  RunStore& store_;
  std::filesystem::path log_directory_;
  Loop loop_;
  std::function<JobRules()> rules_of_;
  JobRules left_;
  std::vector<std::function<void(PruneResult)>> waiting_;
  PruneResult result_;
  bool running_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  ThreadPool files_{1, ThreadPool::Start::now};
};

}  // namespace rota
