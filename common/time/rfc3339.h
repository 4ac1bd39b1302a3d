// Instants as text, by RFC 3339: what HTTP answers, logs and the command line
// show and read. Pure; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/time/instant.h"

namespace rota {

// "2026-11-24T10:00:00.000Z": UTC, with milliseconds.
std::string format_rfc3339(Instant instant);

// "2026-11-24T11:00:00+01:00": to the second, as a clock with that offset from
// UTC shows it. An offset is shown in whole minutes, as RFC 3339 has no seconds there.
std::string format_rfc3339(std::chrono::sys_seconds instant, std::chrono::seconds offset);

// A date, `T` or a space, a time with seconds (a fraction is cut to milliseconds)
// and `Z` or an offset. Nullopt for everything else; a leap second reads as the
// second after it.
std::optional<Instant> parse_rfc3339(std::string_view text);

}  // namespace rota
