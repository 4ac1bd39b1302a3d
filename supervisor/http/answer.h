// The forms of answers. Pure.
#pragma once

#include <string>

#include "supervisor/http/message.h"

namespace rota {

// An error as application/problem+json, RFC 9457.
HttpAnswer problem(unsigned status, const std::string& detail);

// An error of authentication with its challenge, RFC 6750. `error` is empty where no
// token came.
HttpAnswer challenge(unsigned status, const std::string& error, const std::string& detail);

}  // namespace rota
