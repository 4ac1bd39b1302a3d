// The spellings of dates and times inside a schedule. Each reader takes the text
// of one word that stands at `position` of the cursor's text, and throws the
// cursor's ScheduleError when it is none or out of range.
#pragma once

#include <rota/schedule.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "common/schedule/cursor.h"

namespace rota {

// "YYYY-MM-DD" as days since 1970-01-01.
std::int32_t read_date(const Cursor& cursor, std::string_view word, std::size_t position);

// "HH:MM" or "HH:MM:SS" as seconds of the day.
std::int32_t read_time_of_day(const Cursor& cursor, std::string_view word, std::size_t position);

// The `at` of a unit, in seconds into it: "HH:MM[:SS]" for days and weeks,
// "MM:SS" or ":MM" for hours, ":SS" for minutes; an error for seconds.
std::int32_t read_at(const Cursor& cursor, std::string_view word, std::size_t position, Unit unit);

// One or two words: a date, a date and a time (also joined by T), or a time.
ScheduleRule::Until take_until(Cursor& cursor);

std::string date_text(std::int32_t day);
std::string time_of_day_text(std::int32_t second);
std::string at_text(std::int32_t second, Unit unit);
std::string until_text(const ScheduleRule::Until& until);

}  // namespace rota
