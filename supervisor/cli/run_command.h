// `rota run NAME`: triggers a run, and with --wait shows it to its end.
#pragma once

#include "supervisor/cli/subcommand.h"

namespace rota {

// Adds the subcommand to `app`. When it runs it sets `exit_status` as client_command.h
// says; with --wait to that of run_exit_status.h. `exit_status` outlives `app`.
void add_run_command(const Subcommand& app, int& exit_status);

}  // namespace rota
