// A run under a supervisor: the pipe protocol on descriptors 3 and 4.
#pragma once

#include "worker/options.h"

namespace rota {

// Runs the job and ends the process, without returning: with status 0 on success,
// 1 otherwise. Killed by the kernel when the supervisor dies.
[[noreturn]] void run_supervised(const WorkerOptions& options);

}  // namespace rota
