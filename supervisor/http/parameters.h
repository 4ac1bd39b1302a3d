// The body of a request that triggers a job. Pure.
#pragma once

#include <rota/job.h>

#include <variant>

#include "supervisor/http/message.h"

namespace rota {

// The parameters in {"parameters": {…}}: texts as they are, numbers, true and false as
// text (2.5 is "2.5"); of two with one name the last. An empty body has none. Else the
// answer that says what is wrong and where: 415, or 400.
std::variant<Parameters, HttpAnswer> read_parameters(const HttpRequest& request);

}  // namespace rota
