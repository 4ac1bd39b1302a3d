// The one representation of a moment that Rota's parts exchange.
#pragma once

#include <chrono>

namespace rota {

// A moment on the real-time clock, in milliseconds since 1970-01-01T00:00Z.
// Occurrences of a schedule lie on whole seconds.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

}  // namespace rota
