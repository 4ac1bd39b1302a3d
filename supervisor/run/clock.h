// The supervisor's one door to the time of day.
#pragma once

#include <chrono>

#include "common/time/instant.h"

namespace rota {

inline Instant current_instant() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace rota
