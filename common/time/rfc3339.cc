#include "common/time/rfc3339.h"

#include <array>
#include <cstdio>

namespace rota {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Takes digits off a text from its left side; what does not fit makes it fail for good.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_{text} {}

  int number(std::size_t digits, int low, int high) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const char digit = next();
      if (digit < '0' || digit > '9') good_ = false;
      value = value * 10 + (digit - '0');
    }
    if (value < low || value > high) good_ = false;
    return good_ ? value : low;
  }

  char one_of(std::string_view letters) {
    const char letter = next();
    if (letters.find(letter) == std::string_view::npos) good_ = false;
    return letter;
  }

  milliseconds fraction() {
    milliseconds value{0};
    if (text_.empty() || text_.front() != '.') return value;
    next();
    int digits = 0;
    for (milliseconds unit{100}; !text_.empty() && text_.front() >= '0' && text_.front() <= '9';
         unit /= 10, ++digits)
      value += unit * (next() - '0');
    if (digits == 0) good_ = false;
    return value;
  }

  bool complete() const { return good_ && text_.empty(); }

 private:
  char next() {
    if (text_.empty()) {
      good_ = false;
      return '\0';
    }
    const char letter = text_.front();
    text_.remove_prefix(1);
    return letter;
  }

  std::string_view text_;
  bool good_ = true;
};

std::string date_and_time(std::chrono::sys_seconds local) {
  const auto day = std::chrono::floor<days>(local);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{local - day};
  std::array<char, 40> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                    static_cast<int>(time.seconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

std::string format_rfc3339(Instant instant) {
  const auto second = std::chrono::floor<seconds>(instant);
  std::string fraction = std::to_string((instant - second).count());
  fraction.insert(0, 3 - fraction.size(), '0');
  return date_and_time(second) + "." + fraction + "Z";
}

std::string format_rfc3339(std::chrono::sys_seconds instant, std::chrono::seconds offset) {
  const auto whole = std::chrono::duration_cast<minutes>(offset < seconds{0} ? -offset : offset);
  std::array<char, 16> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%c%02d:%02d", offset < seconds{0} ? '-' : '+',
                    static_cast<int>(whole.count() / 60), static_cast<int>(whole.count() % 60));
  return date_and_time(instant + offset) + std::string{text.data(), static_cast<std::size_t>(length)};
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  Reader reader{text};
  const std::chrono::year year{reader.number(4, 0, 9999)};
  reader.one_of("-");
  const std::chrono::month month{static_cast<unsigned>(reader.number(2, 1, 12))};
  reader.one_of("-");
  const std::chrono::day day{static_cast<unsigned>(reader.number(2, 1, 31))};
  reader.one_of("Tt ");
  const hours hour{reader.number(2, 0, 23)};
  reader.one_of(":");
  const minutes minute{reader.number(2, 0, 59)};
  reader.one_of(":");
  const seconds second{reader.number(2, 0, 60)};
  const milliseconds fraction = reader.fraction();
  minutes offset{0};
  const char sign = reader.one_of("Zz+-");
  if (sign == '+' || sign == '-') {
    offset = hours{reader.number(2, 0, 23)};
    reader.one_of(":");
    offset += minutes{reader.number(2, 0, 59)};
    if (sign == '-') offset = -offset;
  }
  const std::chrono::year_month_day date{year, month, day};
  if (!reader.complete() || !date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + hour + minute + second + fraction - offset;
}

}  // namespace rota
