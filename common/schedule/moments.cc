#include "common/schedule/moments.h"

#include <array>
#include <chrono>
#include <optional>

namespace rota {
namespace {

constexpr std::int32_t kMinute = 60;
constexpr std::int32_t kHour = 3600;

// "a:b:c" as up to three numbers of two digits; nullopt if it is not of that form.
struct Clock {
  std::array<std::int32_t, 3> part{};
  std::size_t parts = 0;
};

std::optional<Clock> split_clock(std::string_view word) {
  Clock clock;
  while (clock.parts < 3) {
    const auto colon = word.find(':');
    const auto digits = word.substr(0, colon);
    const std::int32_t number = number_of(digits);
    if (digits.empty() || digits.size() > 2 || number < 0) return std::nullopt;
    clock.part[clock.parts++] = number;
    if (colon == std::string_view::npos) return clock;
    word.remove_prefix(colon + 1);
  }
  return std::nullopt;
}

std::string two_digits(std::int32_t number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

std::optional<std::int32_t> date_of(std::string_view word) {
  if (word.size() != 10 || word[4] != '-' || word[7] != '-') return std::nullopt;
  const std::int32_t year = number_of(word.substr(0, 4));
  const std::int32_t month = number_of(word.substr(5, 2));
  const std::int32_t day = number_of(word.substr(8, 2));
  if (year < 1970 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count());
}

std::optional<std::int32_t> time_of_day(std::string_view word) {
  const auto clock = split_clock(word);
  if (!clock || clock->parts < 2) return std::nullopt;
  const auto [hour, minute, second] = clock->part;
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return hour * kHour + minute * kMinute + second;
}

}  // namespace

std::int32_t read_date(const Cursor& cursor, std::string_view word, std::size_t position) {
  const auto day = date_of(word);
  if (!day) cursor.fail_at(position, word, "a date that exists, as YYYY-MM-DD, from 1970 on");
  return *day;
}

std::int32_t read_time_of_day(const Cursor& cursor, std::string_view word, std::size_t position) {
  const auto second = time_of_day(word);
  if (!second) cursor.fail_at(position, word, "a time of day from 00:00 to 23:59:59, as HH:MM or HH:MM:SS");
  return *second;
}

std::int32_t read_at(const Cursor& cursor, std::string_view word, std::size_t position, Unit unit) {
  switch (unit) {
    case Unit::day:
    case Unit::week:
      return read_time_of_day(cursor, word, position);
    case Unit::hour: {
      const bool minutes_only = word.starts_with(':');
      const auto clock = split_clock(minutes_only ? word.substr(1) : word);
      if (!clock || clock->parts != (minutes_only ? 1 : 2) || clock->part[0] > 59 || clock->part[1] > 59)
        cursor.fail_at(position, word, "a time within the hour, as :MM or MM:SS, each from 00 to 59");
      return clock->part[0] * kMinute + clock->part[1];
    }
    case Unit::minute: {
      const std::int32_t second = word.starts_with(':') && word.size() <= 3 ? number_of(word.substr(1)) : -1;
      if (second < 0 || second > 59)
        cursor.fail_at(position, word, "a second within the minute, as :SS from :00 to :59");
      return second;
    }
    case Unit::second:
      break;
  }
  cursor.fail_at(position, word, "no \"at\": seconds have no time within them");
}

ScheduleRule::Until take_until(Cursor& cursor) {
  constexpr std::string_view kExpected =
      "a date (YYYY-MM-DD), a date and a time (YYYY-MM-DD HH:MM[:SS]) or a time of day (HH:MM[:SS])";
  const std::size_t position = cursor.position();
  const std::string_view word = cursor.take();
  if (const auto second = time_of_day(word)) return {std::nullopt, second};
  if (word.size() > 10 && (word[10] == 'T' || word[10] == 't'))
    return {read_date(cursor, word.substr(0, 10), position),
            read_time_of_day(cursor, word.substr(11), position + 11)};
  const auto day = date_of(word);
  if (!day) cursor.fail_at(position, word, kExpected);
  const std::string_view next = cursor.peek();
  if (next.empty() || next.front() < '0' || next.front() > '9') return {day, std::nullopt};
  const std::size_t time_position = cursor.position();
  return {day, read_time_of_day(cursor, cursor.take(), time_position)};
}

std::string date_text(std::int32_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  std::string year = std::to_string(static_cast<int>(date.year()));
  return year + "-" + two_digits(static_cast<std::int32_t>(static_cast<unsigned>(date.month()))) + "-" +
         two_digits(static_cast<std::int32_t>(static_cast<unsigned>(date.day())));
}

std::string time_of_day_text(std::int32_t second) {
  std::string text = two_digits(second / kHour) + ":" + two_digits(second / kMinute % 60);
  if (second % kMinute != 0) text += ":" + two_digits(second % kMinute);
  return text;
}

std::string at_text(std::int32_t second, Unit unit) {
  if (unit == Unit::minute) return ":" + two_digits(second);
  if (unit != Unit::hour) return time_of_day_text(second);
  if (second % kMinute == 0) return ":" + two_digits(second / kMinute);
  return two_digits(second / kMinute) + ":" + two_digits(second % kMinute);
}

std::string until_text(const ScheduleRule::Until& until) {
  if (!until.day) return time_of_day_text(until.second.value_or(0));
  if (!until.second) return date_text(*until.day);
  return date_text(*until.day) + " " + time_of_day_text(*until.second);
}

}  // namespace rota
