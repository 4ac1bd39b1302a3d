// A run by hand, on a terminal and without a supervisor.
#pragma once

#include "common/module/module_loader.h"
#include "worker/options.h"

namespace rota {

// Runs the job. Returns the exit status: 0 success, 1 failure, 124 if it ended after
// its timeout. Ends the process where the job does not stop: with 124 after the
// grace that follows the timeout, with 130 at a second Ctrl-C.
int run_by_hand(const Job& job, const WorkerOptions& options);

}  // namespace rota
