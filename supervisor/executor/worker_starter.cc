#include "supervisor/executor/worker_starter.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "supervisor/executor/worker_start.h"

namespace rota {
namespace {

constexpr std::chrono::seconds kBetweenAttempts{10};

}  // namespace

WorkerStarter::WorkerStarter(std::filesystem::path worker, std::string token)
    : worker_{std::move(worker)}, token_{std::move(token)} {}

SpawnedWorker WorkerStarter::start(const RunRequest& request) {
  if (auto worker = forked(request)) return std::move(*worker);
  return spawn_worker(worker_arguments(request, worker_), worker_environment(request, token_));
}

std::optional<SpawnedWorker> WorkerStarter::forked(const RunRequest& request) {
  const auto encoded = encode(ForkRequest{request.run_id, request.job_name, request.module.string()});
  const auto now = std::chrono::steady_clock::now();
  if (!encoded || now < none_before_) return std::nullopt;
  try {
    if (fork_server_) return fork_server_->fork_worker(*encoded);
  } catch (const NoForkServer& gone) {
    spdlog::warn("{}; starting another", gone.what());
  }
  fork_server_.reset();
  try {
    fork_server_.emplace(fork_server_arguments(worker_), fork_server_environment(token_));
    return fork_server_->fork_worker(*encoded);
  } catch (const NoForkServer& useless) {
    spdlog::warn("{}; workers are started without it for {} s", useless.what(), kBetweenAttempts.count());
    fork_server_.reset();
    none_before_ = now + kBetweenAttempts;
    return std::nullopt;
  }
}

}  // namespace rota
