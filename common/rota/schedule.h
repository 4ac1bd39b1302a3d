// The schedule language for job authors.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rota {

class Schedule {
 public:
  std::optional<std::chrono::sys_seconds> next_after(std::chrono::sys_seconds after) const;
};

}  // namespace rota
