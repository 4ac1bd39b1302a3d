// `rota runs`: the history, newest first, or with --follow as it grows.
#pragma once

#include "supervisor/cli/subcommand.h"

namespace rota {

// Adds the subcommand to `app`. When it runs it sets `exit_status` as client_command.h
// says. `exit_status` outlives `app`.
void add_runs_command(const Subcommand& app, int& exit_status);

}  // namespace rota
