// `rota run --wait`: a run from its trigger to its end.
#pragma once

#include <cstdint>
#include <string>

#include "supervisor/client/client.h"

namespace rota {

// Prints the log on standard output as it comes, the progress and how the run ended on standard
// error; with `json` only the run as it ended, on standard output. Returns the exit status
// of run_exit_status.h. Ctrl-C leaves the run alone and returns 130. Throws as Client does.
int wait_for_run(Client& client, const std::string& job, std::int64_t run_id, bool json);

}  // namespace rota
