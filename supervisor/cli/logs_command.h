// `rota logs ID`: what a run printed and logged, with --follow as it comes.
#pragma once

#include "supervisor/cli/subcommand.h"

namespace rota {

// Adds the subcommand to `app`. When it runs it sets `exit_status` as client_command.h
// says. `exit_status` outlives `app`.
void add_logs_command(const Subcommand& app, int& exit_status);

}  // namespace rota
