// Instants as a clock in a time zone shows them. Any thread.
#pragma once

#include <chrono>
#include <string>

namespace rota {

// "2026-03-01T02:20:00+01:00", as a clock in `zone` shows it. Pure but for reading tzdata. Throws
// std::runtime_error for a zone that the system does not have.
std::string rfc3339_in(const std::string& zone, std::chrono::sys_seconds instant);

}  // namespace rota
