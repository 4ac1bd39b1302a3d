// Instants as both reports of an import show them. Pure but for reading tzdata.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace rota {

// Each as "2026-03-01T02:20:00+01:00" by the clock of `zone`, which the system has.
std::vector<std::string> occurrence_texts(const std::vector<std::chrono::sys_seconds>& instants,
                                          const std::string& zone);

}  // namespace rota
