#include "jobs/support/parameters.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <stdexcept>

namespace rota::jobs {

std::int64_t whole_parameter(const JobContext& context, std::string_view name, std::int64_t low,
                             std::int64_t high, std::int64_t fallback) {
  const std::string text = context.parameter(name);
  if (text.empty()) return fallback;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < low || number > high)
    throw std::invalid_argument{"parameter " + std::string{name} + ": found \"" + text +
                                "\", expected a whole number from " + std::to_string(low) + " to " +
                                std::to_string(high)};
  return number;
}

std::chrono::sys_days today(const JobContext& context) {
  const std::string text = context.parameter("today");
  if (text.empty()) return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  char rest = 0;
  const bool read = std::sscanf(text.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &rest) == 3;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!read || !date.ok())
    throw std::invalid_argument{"parameter today: found \"" + text + "\", expected a date as YYYY-MM-DD"};
  return date;
}

std::string date_text(std::chrono::sys_days day) {
  const std::chrono::year_month_day date{day};
  std::array<char, 16> text{};
  const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace rota::jobs
