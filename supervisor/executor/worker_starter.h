// How a worker is started: forked by the fork server, which is there from the first start on, or where that
// cannot be, by posix_spawn(3), which takes longer and does the same.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "supervisor/executor/executor.h"
#include "supervisor/executor/fork_server.h"

namespace rota {

// One thread at a time, the one whose end the workers die with.
class WorkerStarter {
 public:
  // `worker` is the executable rota-worker. `token` marks the processes of this supervisor's runs,
  // RunFamilies.
  WorkerStarter(std::filesystem::path worker, std::string token);

  // Starts a worker that waits for the start message of `request`. Throws std::system_error.
  SpawnedWorker start(const RunRequest& request);

 private:
  std::optional<SpawnedWorker> forked(const RunRequest& request);

  std::filesystem::path worker_;
  std::string token_;
  std::optional<ForkServer> fork_server_;
  // After one that was of no use from its start: no other until then.
  std::chrono::steady_clock::time_point none_before_{};
};

}  // namespace rota
