#include "supervisor/forecast/local_time.h"

#include <array>
#include <string_view>

#include "common/schedule/local_pattern.h"
#include "common/schedule/zone.h"
#include "common/time/duration.h"

namespace rota::forecast_text {
namespace {

std::string two_digits(std::int64_t number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

}  // namespace

std::int64_t local_seconds(const std::string& zone, Instant instant) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
  return seconds + Zone::of(zone).segment(seconds).offset;
}

std::string day_text(std::int64_t local) {
  constexpr std::array<std::string_view, 7> kWeekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_days day{std::chrono::days{floor_divide(local, kDaySeconds)}};
  const std::chrono::year_month_day date{day};
  std::string text{kWeekdays.at(std::chrono::weekday{day}.c_encoding())};
  text += " " + std::to_string(static_cast<unsigned>(date.day())) + " ";
  return text += kMonths.at(static_cast<unsigned>(date.month()) - 1);
}

std::string date_text_with_year(std::int64_t local) {
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{floor_divide(local, kDaySeconds)}}};
  return day_text(local) + " " + std::to_string(static_cast<int>(date.year()));
}

std::string clock_text(std::int64_t local) {
  const std::int64_t second = local - floor_divide(local, kDaySeconds) * kDaySeconds;
  std::string text = two_digits(second / 3600) + ":" + two_digits(second / 60 % 60);
  if (second % 60 != 0) text += ":" + two_digits(second % 60);
  return text;
}

std::string moment_text(std::int64_t local) { return day_text(local) + " " + clock_text(local); }

std::string rounded_duration(std::chrono::milliseconds duration) {
  if (duration >= std::chrono::seconds{1}) duration = std::chrono::round<std::chrono::seconds>(duration);
  return format_duration(duration);
}

}  // namespace rota::forecast_text
