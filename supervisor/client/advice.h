// What to tell people when the supervisor cannot be reached or refuses: what happened
// and what to do next. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "supervisor/client/endpoint.h"

namespace rota {

// `error_number` is that of connect(2), 0 if there is none; `reason` is libcurl's.
std::string unreachable_text(const Endpoint& endpoint, int error_number, std::string_view reason);

// For an answer with an HTTP status other than 2xx to a request for `target`. `body` is its
// body; an RFC 9457 problem gives its detail.
std::string refused_text(const Endpoint& endpoint, int status, std::string_view target,
                         std::string_view body);

}  // namespace rota
