#include "supervisor/cli/start_option.h"

#include "common/time/rfc3339.h"

namespace rota {

std::chrono::sys_seconds start_option(const std::string& from) {
  if (from.empty()) return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto instant = parse_rfc3339(from);
  if (!instant)
    throw WrongOption{"--from \"" + from +
                      "\": expected an instant as in RFC 3339, such as 2026-03-01T00:00:00Z"};
  return std::chrono::floor<std::chrono::seconds>(*instant);
}

}  // namespace rota
