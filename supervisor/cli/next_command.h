// `rota next SCHEDULE`: prints the coming occurrences of a schedule.
#pragma once

#include "supervisor/cli/subcommand.h"

namespace rota {

// Adds the subcommand to `app`. When it runs it prints one occurrence a line to
// standard output and sets `exit_status`: 0, or 2 with a message on standard error
// for a schedule, zone or instant that is wrong. `exit_status` outlives `app`.
void add_next_command(const Subcommand& app, int& exit_status);

}  // namespace rota
