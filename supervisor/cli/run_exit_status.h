// What `rota run --wait` ends with, by how the run ended. Pure.
#pragma once

#include <boost/json/fwd.hpp>

namespace rota {

// 0: succeeded. Failed: the exit code of a command, 1 for any other job. 124: timed out. 130:
// cancelled. 128 and the signal's number: died of it, as a shell says it. 1: all else. `run` is
// the supervisor's JSON of a final run.
int run_exit_status(const boost::json::object& run, bool is_command);

}  // namespace rota
