// The option --from of the commands that look ahead.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

namespace rota {

// A wrong command line; the message names the option and what was expected.
class WrongOption : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// The instant that `from` spells by RFC 3339, rounded down to a second; now if it is empty. Throws
// WrongOption.
std::chrono::sys_seconds start_option(const std::string& from);

}  // namespace rota
