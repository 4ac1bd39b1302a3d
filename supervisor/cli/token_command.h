// `rota token`: mints a token for the HTTP interface (HS256).
#pragma once

#include "supervisor/cli/subcommand.h"

namespace rota {

// Adds the subcommand to `app`. When it runs it prints the token and sets
// `exit_status`: 0, or 2 with a message on standard error. `exit_status` outlives `app`.
void add_token_command(const Subcommand& app, int& exit_status);

}  // namespace rota
