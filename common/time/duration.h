// Durations as people write them in a configuration or on a command line. Pure;
// any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rota {

// One or more of NUMBER UNIT, added up: "15 minutes", "90s", "1h30m", "1 hour 30
// minutes", "500 ms". Units: ms, s, m, h, d, w and their words, in the singular or
// the plural; "min" and "sec" too. A whole number without a unit, or anything
// above 100 years, is nullopt; "0s" is zero.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// "1 h 30 min", "250 ms", "0 s": at most the two largest units, rounded down.
std::string format_duration(std::chrono::milliseconds duration);

}  // namespace rota
