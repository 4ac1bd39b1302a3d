// `rota forecast`: what will run when, without a supervisor.
#pragma once

#include "supervisor/cli/subcommand.h"

namespace rota {

// Adds the subcommand to `app`. When it runs it reads the configuration, the modules, job files and the run
// database, prints the forecast to standard output, what is only worth knowing to standard error,
// and sets `exit_status`: 0, 1 with every fault of the configuration on standard error, 2 for a
// wrong command line. `exit_status` outlives `app`.
void add_forecast_command(const Subcommand& app, int& exit_status);

}  // namespace rota
