// The kinds of schedules whose next occurrence is measured.
#pragma once

#include <array>
#include <utility>

namespace rota::bench {

inline constexpr std::array<std::pair<const char*, const char*>, 4> kSchedules{{
    {"daily", "every day at 04:40"},
    {"cron", "20 2 * * 1-5"},
    {"far cron", "0 0 29 2 *"},
    {"zone", "every day at 03:00 in Europe/Brussels"},
}};

}  // namespace rota::bench
