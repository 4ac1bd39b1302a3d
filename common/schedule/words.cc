#include "common/schedule/words.h"

#include <array>

#include "common/schedule/cursor.h"

namespace rota {
namespace {

constexpr std::array<std::string_view, 5> kUnits{"second", "minute", "hour", "day", "week"};
constexpr std::array<std::string_view, 7> kWeekdays{"sunday",   "monday", "tuesday", "wednesday",
                                                    "thursday", "friday", "saturday"};

}  // namespace

std::optional<Unit> unit_of(std::string_view word) {
  if (!word.empty() && (word.back() == 's' || word.back() == 'S')) word.remove_suffix(1);
  for (std::size_t i = 0; i < kUnits.size(); ++i)
    if (equal_ignoring_case(word, kUnits.at(i))) return static_cast<Unit>(i);
  return std::nullopt;
}

std::optional<Weekday> weekday_of(std::string_view word) {
  for (std::size_t i = 0; i < kWeekdays.size(); ++i)
    if (equal_ignoring_case(word, kWeekdays.at(i)) || equal_ignoring_case(word, kWeekdays.at(i).substr(0, 3)))
      return static_cast<Weekday>(i);
  return std::nullopt;
}

std::string_view singular(Unit unit) { return kUnits.at(static_cast<std::size_t>(unit)); }

std::string_view name_of(Weekday weekday) { return kWeekdays.at(static_cast<std::size_t>(weekday)); }

std::int64_t nominal_seconds(Unit unit) {
  constexpr std::array<std::int64_t, 5> kSeconds{1, 60, 3600, 86'400, 604'800};
  return kSeconds.at(static_cast<std::size_t>(unit));
}

}  // namespace rota
