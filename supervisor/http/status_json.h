// What is said of the supervisor as a whole, and of what it was told to do, as JSON with
// a newline at its end. Pure.
#pragma once

#include <string>

#include "supervisor/http/scheduler_api.h"

namespace rota {

// The members of SupervisorStatus as keys.
std::string status_text(const SupervisorStatus& status);
// {"scope": "job", "group" or "all", "name": name or null}: what was paused or resumed.
std::string scope_text(Pause::Scope scope, const std::string& name);
// {"added": 1, "changed": 0, "removed": 0, "unchanged": 5}
std::string reload_text(const ReloadResult& result);
// {"rows": 10, "logs": 3}
std::string prune_text(const PruneResult& result);

}  // namespace rota
