#include "common/time/duration.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace rota {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kLongest = 36'525 * kDay;

struct UnitName {
  std::string_view name;
  std::int64_t length_ms;
};

constexpr std::array kUnits{
    UnitName{"ms", 1},
    UnitName{"millisecond", 1},
    UnitName{"milliseconds", 1},
    UnitName{"s", kSecond},
    UnitName{"sec", kSecond},
    UnitName{"second", kSecond},
    UnitName{"seconds", kSecond},
    UnitName{"m", kMinute},
    UnitName{"min", kMinute},
    UnitName{"minute", kMinute},
    UnitName{"minutes", kMinute},
    UnitName{"h", kHour},
    UnitName{"hour", kHour},
    UnitName{"hours", kHour},
    UnitName{"d", kDay},
    UnitName{"day", kDay},
    UnitName{"days", kDay},
    UnitName{"w", 7 * kDay},
    UnitName{"week", 7 * kDay},
    UnitName{"weeks", 7 * kDay},
};

std::string_view take_while(std::string_view& text, bool (*matches)(char)) {
  const auto end = std::find_if_not(text.begin(), text.end(), matches);
  const auto taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(taken.size());
  return taken;
}

bool is_space(char letter) { return letter == ' '; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_letter(char letter) { return letter >= 'a' && letter <= 'z'; }

// NUMBER UNIT and the space after each; -1 if the text does not begin with it.
std::int64_t take_part(std::string_view& text) {
  const auto digits = take_while(text, is_digit);
  take_while(text, is_space);
  const auto name = take_while(text, is_letter);
  take_while(text, is_space);
  const auto unit =
      std::find_if(kUnits.begin(), kUnits.end(), [&](const UnitName& known) { return known.name == name; });
  if (digits.empty() || digits.size() > 15 || unit == kUnits.end()) return -1;
  std::int64_t number = 0;
  for (const char digit : digits) number = number * 10 + (digit - '0');
  return number > kLongest / unit->length_ms ? -1 : number * unit->length_ms;
}

}  // namespace

std::optional<milliseconds> parse_duration(std::string_view text) {
  take_while(text, is_space);
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const std::int64_t part = take_part(text);
    if (part < 0 || total > kLongest - part) return std::nullopt;
    total += part;
  }
  return milliseconds{total};
}

std::string format_duration(milliseconds duration) {
  constexpr std::array kShown{UnitName{"d", kDay}, UnitName{"h", kHour}, UnitName{"min", kMinute},
                              UnitName{"s", kSecond}, UnitName{"ms", 1}};
  std::int64_t rest = std::max<std::int64_t>(duration.count(), 0);
  if (rest == 0) return "0 s";
  std::size_t unit = 0;
  while (rest < kShown.at(unit).length_ms) ++unit;
  std::string text;
  for (const std::size_t last = std::min(unit + 2, kShown.size()); unit < last; ++unit) {
    const std::int64_t count = rest / kShown.at(unit).length_ms;
    rest %= kShown.at(unit).length_ms;
    if (count == 0) continue;
    if (!text.empty()) text += ' ';
    text += std::to_string(count) + ' ' + std::string{kShown.at(unit).name};
  }
  return text;
}

}  // namespace rota
