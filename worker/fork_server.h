// A worker that has everything loaded and has nothing to do but to fork: most of what a start costs is the
// dynamic linker's work, which its forks need not do again. It loads no module and has one thread.
#pragma once

#include "worker/options.h"

namespace rota {

// Answers the requests of common/protocol/fork_request.h that arrive on descriptor 3, a socket of type
// SOCK_SEQPACKET, and ends the process with the other end of it or with the supervisor. Descriptor 4 is open
// and nothing. Returns in each worker that it has forked, which is in a session of its own with the
// descriptors of a supervised run, and has the run's mark in its environment (ROTA_RUN_ID and ROTA_JOB, whose
// values the fork server has been given room for). `argv` is main's, and ends with the room for what ps(1)
// shows. Throws std::runtime_error if it was started by another than a supervisor.
WorkerOptions serve_forks(char** argv);

}  // namespace rota
