// A schedule as the local clock sees it: which readings of that clock are times at
// which it is due. Pure, and knows no zone; readings are seconds since
// 1970-01-01T00:00 on the local clock.
#pragma once

#include <rota/schedule.h>

#include <cstdint>

namespace rota {

inline constexpr std::int64_t kDaySeconds = 86'400;
inline constexpr std::int64_t kAnchorDay = 4;  // Monday 1970-01-05

inline std::int64_t floor_divide(std::int64_t number, std::int64_t by) {
  return number / by - (number % by < 0 ? 1 : 0);
}

// How the readings become instants.
enum class Reading {
  civil,    // a time of a day, once a day: daylight saving follows RFC 5545
  clock,    // whatever the clock shows: both passes of a fold, nothing in a gap
  elapsed,  // no reading at all: equal steps of elapsed time
};

Reading reading_of(const ScheduleRule& rule);

// The first local time not before `local` at which the rule is due. For rules that
// are read as civil or clock.
std::int64_t next_reading(const ScheduleRule& rule, std::int64_t local);

// The first step after `elapsed`, both in seconds since the anchor. For rules that are read as elapsed.
std::int64_t next_step(const ScheduleRule& rule, std::int64_t elapsed);

}  // namespace rota
