// Starts a worker process without copying the supervisor's page tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/file/descriptor.h"

namespace rota {

// The supervisor's ends are close-on-exec and do not block.
struct SpawnedWorker {
  int pid = 0;
  // Its peak of resident memory from before it was itself: execve(2) hands on the supervisor's, and ru_maxrss
  // of wait4(2) is never less.
  std::int64_t inherited_rss_kib = 0;
  Descriptor exit;      // pidfd: readable once the process has ended
  Descriptor output;    // its standard output and error
  Descriptor messages;  // from its descriptor 4
  Descriptor commands;  // to its descriptor 3
};

// Runs a program in a session and process group of its own, with /dev/null as
// standard input, every other descriptor but 0 to 4 closed, and default signal
// handling. Throws std::system_error that names the program.
SpawnedWorker spawn_worker(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& environment);

}  // namespace rota
