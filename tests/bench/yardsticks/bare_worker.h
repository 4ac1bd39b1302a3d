// A worker without a supervisor, over the same pipes: what a process run costs at least.
#pragma once

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "common/protocol/message.h"
#include "supervisor/executor/spawn.h"

namespace rota::bench {

struct BareJob {
  std::string worker;
  std::string module;
  std::string job;
  Parameters parameters = {};
};

// Hands a worker its start message, reads what it says until it says no more, and reaps it.
// Returns false if it did not exit with 0.
inline bool run_bare(const SpawnedWorker& worker, const BareJob& job) {
  StartMessage start;
  start.job = job.job;
  start.parameters = job.parameters;
  start.deadline = Instant{std::chrono::hours{24 * 365 * 100}};
  const std::string line = encode(start).value_or("");
  if (write(worker.commands.get(), line.data(), line.size()) < 0) return false;
  std::array<char, 4096> bytes{};
  for (;;) {
    pollfd readable{worker.messages.get(), POLLIN, 0};
    poll(&readable, 1, -1);
    if (read(worker.messages.get(), bytes.data(), bytes.size()) <= 0) break;
  }
  int status = 0;
  waitpid(worker.pid, &status, 0);
  return status == 0;
}

inline bool spawn_and_run_bare(const BareJob& job) {
  return run_bare(
      spawn_worker({job.worker, "--supervised", "--module", job.module, job.job}, {"ROTA_JOB=" + job.job}),
      job);
}

}  // namespace rota::bench
