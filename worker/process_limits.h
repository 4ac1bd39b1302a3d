// What bounds a job: resource limits, niceness and I/O class of this process, which it keeps when
// it becomes a command.
#pragma once

#include "common/command/command.h"

namespace rota {

// Both throw StartError that names the setting, the value and what the system said.

// setpriority(2) and ioprio_set(2). Before the change of user: a niceness below the
// present one needs root.
void set_priorities(const Command& command);

// setrlimit(2), soft and hard; no core file is ever written. Before the change of user,
// because only root raises a hard limit; but after everything that opens files, writes
// to them or takes memory, because the limits hold for this process from here on.
// That of processes is counted per user at the next fork(2) and execve(2), not here.
void set_limits(const CommandLimits& limits);

}  // namespace rota
