// `rota status`: how the supervisor is.
#pragma once

#include "supervisor/cli/subcommand.h"

namespace rota {

// Adds the subcommand to `app`. When it runs it sets `exit_status` as client_command.h
// says. `exit_status` outlives `app`.
void add_status_command(const Subcommand& app, int& exit_status);

}  // namespace rota
