// A run whose job is a command: this process is prepared and becomes it.
#pragma once

#include <string>

#include "common/protocol/message.h"

namespace rota {

struct StartFailure {
  std::string message;
  int exit_status = 127;  // or 126 for a program that is there but cannot be executed
};

// Becomes `start.command`, which must be there, and returns only if that fails. The command has
// `events_descriptor` open beside 0, 1 and 2, and none above it; one between must be
// close-on-exec. `from_supervisor` is where the supervisor's messages come from: what is left
// of the run ends with it. Every signal must be at its default, and the process must have one
// thread.
StartFailure become_command(const StartMessage& start, int from_supervisor, int events_descriptor);

}  // namespace rota
