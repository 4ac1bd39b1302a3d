// `rota pause` and `rota resume`: a job, a group or all fire nothing, or fire again.
#pragma once

#include "supervisor/cli/subcommand.h"

namespace rota {

// Each adds its subcommand to `app`. When it runs it sets `exit_status` as client_command.h
// says. `exit_status` outlives `app`.
void add_pause_command(const Subcommand& app, int& exit_status);
void add_resume_command(const Subcommand& app, int& exit_status);

}  // namespace rota
