// What the answers hold, as JSON. Instants are RFC 3339 in UTC. Pure.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "supervisor/http/message.h"
#include "supervisor/http/scheduler_api.h"

namespace rota {

std::string runs_text(const std::vector<Run>& runs, int limit);
std::string run_text(const Run& run);
std::string jobs_text(const std::vector<JobSummary>& jobs);

// The parameters in the body of a trigger: {"parameters": {…}} with texts, numbers,
// true or false; an empty body has none. Else the answer that says what is wrong.
std::variant<Parameters, HttpAnswer> read_parameters(const HttpRequest& request);

}  // namespace rota
