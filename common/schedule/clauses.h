// What may follow the core of a schedule, and the bounds that its values keep.
// Shared by the reader of texts and the C++ builder, so that both refuse the same.
#pragma once

#include <rota/schedule.h>

#include <cstdint>
#include <string_view>

#include "common/schedule/cursor.h"

namespace rota {

// The largest count of an interval.
inline constexpr std::int32_t kLargestCount = 999'999;

// Each checks the word at `position` of the cursor's text and sets the clause.
// Throws the cursor's ScheduleError.
void set_zone(ScheduleRule& rule, const Cursor& cursor, std::string_view word, std::size_t position);
void add_tag(ScheduleRule& rule, const Cursor& cursor, std::string_view word, std::size_t position);

// Refuses a schedule whose daily bound excludes every time at which it is due.
void check_until(const ScheduleRule& rule, const Cursor& cursor, std::size_t position);

// Reads `on`, `from`, `at`, `in`, `until` and `tag` clauses up to the end of the text.
void take_clauses(ScheduleRule& rule, Cursor& cursor);

}  // namespace rota
