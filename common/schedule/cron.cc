#include "common/schedule/cron.h"

#include <array>
#include <bit>
#include <optional>
#include <string>

namespace rota {
namespace {

struct Field {
  std::string_view name;
  std::int32_t lowest;
  std::int32_t highest;
  std::string_view names;  // three letters each, the first for `lowest`
};

constexpr Field kMinute{"minute", 0, 59, ""};
constexpr Field kHour{"hour", 0, 23, ""};
constexpr Field kDay{"day of month", 1, 31, ""};
constexpr Field kMonth{"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"};
constexpr Field kWeekday{"day of week", 0, 7, "sunmontuewedthufrisat"};

std::string bounds(const Field& field) {
  std::string text = std::to_string(field.lowest) + " to " + std::to_string(field.highest);
  if (!field.names.empty()) text += " or a name of three letters";
  return text;
}

// Reads one field; every error carries the place of the faulty part in the text.
class FieldReader {
 public:
  FieldReader(const Cursor& cursor, const Field& field)
      : cursor_{cursor}, field_{field}, word_{cursor.peek()}, start_{cursor.position()} {}

  std::uint64_t read() {
    std::uint64_t set = 0;
    std::size_t from = 0;
    while (from <= word_.size()) {
      const std::size_t comma = std::min(word_.find(',', from), word_.size());
      set |= range(from, word_.substr(from, comma - from));
      from = comma + 1;
    }
    return set;
  }

 private:
  [[noreturn]] void fail(std::size_t offset, std::string_view found, const std::string& expected) const {
    cursor_.fail_at(start_ + offset, found, "as " + std::string{field_.name} + " " + expected);
  }

  std::int32_t value(std::size_t offset, std::string_view text) const {
    std::int32_t number = number_of(text);
    if (number < 0 && text.size() == 3)
      for (std::size_t i = 0; i + 3 <= field_.names.size(); i += 3)
        if (equal_ignoring_case(text, field_.names.substr(i, 3)))
          number = field_.lowest + static_cast<std::int32_t>(i / 3);
    if (number < field_.lowest || number > field_.highest)
      fail(offset, text.empty() ? word_ : text, bounds(field_));
    return number;
  }

  std::int32_t step(std::size_t offset, std::string_view text, std::int32_t low, std::int32_t high) const {
    const std::int32_t widest = high - low + 1;
    const std::int32_t number = number_of(text);
    if (number < 1 || number > widest) fail(offset, text, "a step from 1 to " + std::to_string(widest));
    return number;
  }

  std::uint64_t range(std::size_t offset, std::string_view part) const {
    const std::size_t slash = part.find('/');
    const std::string_view span = part.substr(0, slash);
    const std::size_t dash = span.find('-');
    std::int32_t low = field_.lowest;
    // Without an end of its own a day of week ends with Saturday: 7 is Sunday's second name.
    std::int32_t high = field_.highest == 7 ? 6 : field_.highest;
    if (span != "*") {
      low = value(offset, span.substr(0, dash));
      high = dash == std::string_view::npos ? low : value(offset + dash + 1, span.substr(dash + 1));
      if (high < low) fail(offset, span, "a range that ascends; one that wraps around is written as two");
    }
    std::int32_t by = 1;
    if (slash != std::string_view::npos) {
      if (span != "*" && dash == std::string_view::npos)
        fail(offset, part,
             "a step after a range or *, such as " + std::string{span} + "-" +
                 std::to_string(field_.highest) + std::string{part.substr(slash)});
      by = step(offset + slash + 1, part.substr(slash + 1), low, high);
    }
    std::uint64_t set = 0;
    for (std::int32_t number = low; number <= high; number += by) set |= std::uint64_t{1} << number;
    return set;
  }

  const Cursor& cursor_;
  const Field& field_;
  std::string_view word_;
  std::size_t start_;
};

struct TakenField {
  std::uint64_t set;
  bool star;
};

TakenField take_field(Cursor& cursor, const Field& field, std::string& text) {
  if (cursor.at_end()) cursor.fail("the " + std::string{field.name} + ": an entry has five fields");
  const TakenField taken{FieldReader{cursor, field}.read(), cursor.peek().starts_with('*')};
  if (!text.empty()) text += ' ';
  for (const char letter : cursor.take())
    text += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  return taken;
}

void check_that_a_month_has_the_day(const ScheduleRule::Cron& cron, const Cursor& cursor,
                                    std::size_t position, std::string_view word) {
  if (!cron.star_day && !cron.star_weekday) return;
  constexpr std::array<int, 13> kLongest{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (std::size_t month = 1; month <= 12; ++month)
    if ((cron.months >> month & 1U) != 0 && std::countr_zero(cron.days) <= kLongest.at(month)) return;
  cursor.fail_at(position, word, "a day of month that one of the entry's months has: it would never be due");
}

ScheduleRule::Cron take_fields(Cursor& cursor) {
  ScheduleRule::Cron cron;
  const TakenField minutes = take_field(cursor, kMinute, cron.text);
  const TakenField hours = take_field(cursor, kHour, cron.text);
  const std::size_t day_position = cursor.position();
  const std::string_view day_word = cursor.peek();
  const TakenField days = take_field(cursor, kDay, cron.text);
  const TakenField months = take_field(cursor, kMonth, cron.text);
  const TakenField weekdays = take_field(cursor, kWeekday, cron.text);
  cron.minutes = minutes.set;
  cron.star_minute = minutes.star;
  cron.hours = static_cast<std::uint32_t>(hours.set);
  cron.star_hour = hours.star;
  cron.days = static_cast<std::uint32_t>(days.set);
  cron.star_day = days.star;
  cron.months = static_cast<std::uint16_t>(months.set);
  cron.weekdays = static_cast<std::uint8_t>((weekdays.set | weekdays.set >> 7) & 0x7fU);
  cron.star_weekday = weekdays.star;
  check_that_a_month_has_the_day(cron, cursor, day_position, day_word);
  return cron;
}

ScheduleRule::Cron take_name(Cursor& cursor) {
  for (const auto& [name, fields] : kCronNames) {
    if (!cursor.take_if(name)) continue;
    Cursor meaning{fields};
    ScheduleRule::Cron cron = take_fields(meaning);
    cron.text = name;
    return cron;
  }
  if (equal_ignoring_case(cursor.peek(), "@reboot"))
    cursor.fail(
        "a schedule on the calendar: a start of the machine is none, and a restart never shifts a schedule");
  cursor.fail("@yearly, @annually, @monthly, @weekly, @daily, @midnight or @hourly");
}

}  // namespace

ScheduleRule take_cron(Cursor& cursor) {
  ScheduleRule rule;
  rule.kind = ScheduleRule::Kind::cron;
  rule.cron = cursor.peek().starts_with('@') ? take_name(cursor) : take_fields(cursor);
  return rule;
}

}  // namespace rota
