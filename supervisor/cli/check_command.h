// `rota check [FILE…]`: tells what is wrong with a configuration or with job files, and when
// their jobs are due, without a supervisor.
#pragma once

#include "supervisor/cli/subcommand.h"

namespace rota {

// Adds the subcommand to `app`. When it runs it prints each job with its schedule and its next
// occurrences to standard output, or every fault to standard error, and sets `exit_status`: 0,
// 1 for faults, 2 for a wrong command line. `exit_status` outlives `app`.
void add_check_command(const Subcommand& app, int& exit_status);

}  // namespace rota
