// The life of the daemon, from its configuration to its last row.
#pragma once

#include "supervisor/daemon/command_line.h"

namespace rota {

// Runs until SIGTERM or SIGINT and returns the exit status of rotad: 0 after an
// orderly stop, 2 if the configuration is wrong, 3 if the database cannot be used and will not be at the
// next start (both said in the log). Throws what it cannot start without, such as a port that is taken.
int run_daemon(const DaemonOptions& options);

}  // namespace rota
