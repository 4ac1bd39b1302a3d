// The life of the daemon, from its configuration to its last row.
#pragma once

#include "supervisor/daemon/command_line.h"

namespace rota {

// Runs until SIGTERM or SIGINT and returns the exit status of rotad: 0 after an
// orderly stop, 2 if the configuration is wrong (said in the log). Throws what it
// cannot start without: a database that is not one, a port that is taken.
int run_daemon(const DaemonOptions& options);

}  // namespace rota
