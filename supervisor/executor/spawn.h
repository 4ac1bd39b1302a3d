// A worker process as it has just been started, by posix_spawn(3) here or by the fork server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/file/descriptor.h"
#include "common/file/pipe.h"

namespace rota {

// Descriptors 0 to 4 are the worker's: one of ours among them would be overwritten before it is passed on, so
// that all are above.
inline constexpr int kFirstFreeDescriptor = 5;

// Throws std::system_error.
Descriptor above_the_workers(Descriptor descriptor);

// Between the supervisor, whose ends do not block, and a worker.
struct WorkerPipes {
  Pipe output;    // from its standard output and error
  Pipe commands;  // to its descriptor 3
  Pipe messages;  // from its descriptor 4
};

// Throws std::system_error.
WorkerPipes make_worker_pipes();

struct SpawnedWorker {
  int pid = 0;
  // Its peak of resident memory from before it was itself: execve(2) hands on the supervisor's, and ru_maxrss
  // of wait4(2) is never less. 0 of one that was forked, all of whose memory is its own.
  std::int64_t inherited_rss_kib = 0;
  Descriptor exit;  // pidfd: readable once the process has ended
  Descriptor output;
  Descriptor commands;
  Descriptor messages;
};

// Of a child that has not been reaped. Ends and reaps it where that cannot be: throws std::system_error.
SpawnedWorker spawned_worker(int pid, WorkerPipes pipes);

// Runs a program in a session and process group of its own, with /dev/null as
// standard input, every other descriptor but 0 to 4 closed, and default signal
// handling. Throws std::system_error that names the program.
SpawnedWorker spawn_worker(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& environment);

}  // namespace rota
