// `rota import crontab FILE`: makes a job file of a crontab and shows what becomes of it.
#pragma once

#include "supervisor/cli/subcommand.h"

namespace rota {

// Adds the subcommand to `app`. When it runs it writes the job file, to standard output or to a new
// file, and a report to the other of the two outputs. It sets `exit_status`: 0; 1 if something of
// the crontab is not carried over, though the job file is written; 2, with a message on standard
// error and without a job file, for a wrong option or a file that cannot be read or written.
// `exit_status` outlives `app`.
void add_import_command(const Subcommand& app, int& exit_status);

}  // namespace rota
