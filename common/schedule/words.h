// The words of the language for units and weekdays.
#pragma once

#include <rota/schedule.h>

#include <optional>
#include <string_view>

namespace rota {

// "minute" or "minutes", whatever the case.
std::optional<Unit> unit_of(std::string_view word);

// "monday" or "mon", whatever the case.
std::optional<Weekday> weekday_of(std::string_view word);

std::string_view singular(Unit unit);
std::string_view name_of(Weekday weekday);

// Whole seconds, which a day and a week of the calendar need not have.
std::int64_t nominal_seconds(Unit unit);

}  // namespace rota
