// `rota runs --follow`: the history as it grows.
#pragma once

#include <functional>

#include "supervisor/cli/run_pages.h"

namespace rota {

// Calls `show` with the latest runs that `filter` takes, oldest first, though there be none, and then, for
// ever, with those runs that are new or have changed their state and have the job and state of `filter`. Asks
// the supervisor each second. Throws as Client does.
[[noreturn]] void follow_runs(Client& client, const RunFilter& filter,
                              const std::function<void(const std::vector<boost::json::object>&)>& show);

}  // namespace rota
