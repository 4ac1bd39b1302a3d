// The fixed offset by which a job's occurrences are due later, so that jobs with one schedule
// do not all start in the same second. Pure.
#pragma once

#include <chrono>
#include <string>

namespace rota {

// From zero to less than `window`, the same for a name on every machine and in every version,
// because occurrences are recorded with it. Zero for a window of zero or below.
std::chrono::seconds spread_offset(const std::string& job_name, std::chrono::seconds window);

}  // namespace rota
