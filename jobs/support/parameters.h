// Parameters of a run as values, with messages that name the parameter.
#pragma once

#include <rota/job.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace rota::jobs {

// Throw std::invalid_argument if the parameter is no whole number within the bounds, or
// no date YYYY-MM-DD.
std::int64_t whole_parameter(const JobContext& context, std::string_view name, std::int64_t low,
                             std::int64_t high, std::int64_t fallback);

// The date in parameter `today`, or that of the clock (UTC).
std::chrono::sys_days today(const JobContext& context);

// "2026-11-24"
std::string date_text(std::chrono::sys_days day);

}  // namespace rota::jobs
