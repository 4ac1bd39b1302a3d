// The supervisor's side of the fork server (worker/fork_server.h): the process, and a question to it for each
// worker.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "common/file/descriptor.h"
#include "common/protocol/fork_request.h"
#include "supervisor/executor/spawn.h"

namespace rota {

// The fork server is gone, or does not answer: no word on what it would have forked.
class NoForkServer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One thread at a time, which is the one whose end its process and the workers die with.
class ForkServer {
 public:
  // Starts the process, in the session of this one: it is no run's. Throws std::system_error.
  ForkServer(const std::vector<std::string>& arguments, const std::vector<std::string>& environment);
  ForkServer(const ForkServer&) = delete;
  ForkServer& operator=(const ForkServer&) = delete;
  // Kills and reaps it. Its workers live on.
  ~ForkServer();

  // Waits for the answer, for at most 2 s. The worker is a child of this process. Throws NoForkServer, after
  // which it is of no use, or std::system_error where it could not fork.
  SpawnedWorker fork_worker(const std::string& encoded_request);

 private:
  ForkAnswer ask(const std::string& encoded_request, const WorkerPipes& pipes);

  int pid_ = 0;
  Descriptor socket_;
};

}  // namespace rota
