#include <rota/schedule.h>

#include <string>
#include <string_view>

#include "common/schedule/clauses.h"
#include "common/schedule/cron.h"
#include "common/schedule/cursor.h"
#include "common/schedule/delay.h"
#include "common/schedule/words.h"

namespace rota {
namespace {

constexpr std::string_view kUnitWords = "a unit (seconds, minutes, hours, days or weeks)";

std::int32_t take_count(Cursor& cursor, std::int32_t lowest) {
  const std::int32_t count = number_of(cursor.peek());
  if (count < lowest || count > kLargestCount)
    cursor.fail("a whole number from " + std::to_string(lowest) + " to " + std::to_string(kLargestCount));
  cursor.take();
  return count;
}

bool starts_with_digit(std::string_view word) {
  return !word.empty() && word.front() >= '0' && word.front() <= '9';
}

Unit take_unit(Cursor& cursor, bool counted) {
  const auto unit = unit_of(cursor.peek());
  if (unit) {
    cursor.take();
    return *unit;
  }
  if (counted) {
    std::string_view word = cursor.peek();
    if (word.ends_with('s')) word.remove_suffix(1);
    if (const auto weekday = weekday_of(word))
      cursor.fail(std::string{kUnitWords} + "; every second monday is \"every 2 weeks on " +
                  std::string{name_of(*weekday)} + "\"");
    cursor.fail(kUnitWords);
  }
  cursor.fail(std::string{"a number, "} + std::string{kUnitWords} + " or a weekday");
}

ScheduleRule take_every(Cursor& cursor) {
  ScheduleRule rule;
  if (const auto weekday = weekday_of(cursor.peek())) {
    cursor.take();
    rule.unit = Unit::week;
    rule.weekday = weekday;
    return rule;
  }
  const bool counted = starts_with_digit(cursor.peek());
  if (counted) {
    rule.low = rule.high = take_count(cursor, 1);
    if (cursor.take_if("to")) rule.high = take_count(cursor, rule.low + 1);
  }
  rule.unit = take_unit(cursor, counted);
  return rule;
}

bool begins_delay(Cursor cursor) {
  cursor.take();
  return unit_of(cursor.peek()).has_value();
}

ScheduleRule take_delay(Cursor& cursor) {
  const std::int32_t count = take_count(cursor, 1);
  const Unit unit = take_unit(cursor, true);
  if (!cursor.take_if("after")) cursor.fail("\"after finish\"; an interval begins with \"every\"");
  if (!cursor.take_if("finish")) cursor.fail("\"finish\"");
  return delay_rule(std::chrono::seconds{count * nominal_seconds(unit)});
}

ScheduleRule take_core(Cursor& cursor) {
  if (cursor.take_if("every")) return take_every(cursor);
  const std::string_view word = cursor.peek();
  if (starts_with_digit(word) && begins_delay(cursor)) return take_delay(cursor);
  if (starts_with_digit(word) || word.starts_with('*') || word.starts_with('@')) return take_cron(cursor);
  cursor.fail(
      "\"every\", a delay such as \"10 minutes after finish\", or a crontab entry of five fields or an @ "
      "name");
}

}  // namespace

Schedule parse_schedule(std::string_view text) {
  Cursor cursor{text};
  ScheduleRule rule = take_core(cursor);
  take_clauses(rule, cursor);
  return Schedule{std::move(rule)};
}

}  // namespace rota
