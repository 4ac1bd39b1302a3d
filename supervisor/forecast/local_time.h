// Times as a person reads them in a forecast. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "common/time/instant.h"

namespace rota::forecast_text {

// Seconds since 1970-01-01T00:00 on the clock of a zone, rounded down. The thread's own cache of zones is
// used. Throws std::runtime_error if the system does not have the zone.
std::int64_t local_seconds(const std::string& zone, Instant instant);

// Of a local time: "Mon 30 Nov", "Mon 30 Nov 2026", "02:00" (seconds only if there are any), "Mon 30 Nov
// 02:00".
std::string day_text(std::int64_t local);
std::string date_text_with_year(std::int64_t local);
std::string clock_text(std::int64_t local);
std::string moment_text(std::int64_t local);

// "3 min 12 s": as format_duration, in whole seconds from one second on.
std::string rounded_duration(std::chrono::milliseconds duration);

}  // namespace rota::forecast_text
