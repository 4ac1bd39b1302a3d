#include "common/schedule/clauses.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "common/schedule/moments.h"
#include "common/schedule/words.h"
#include "common/schedule/zone_names.h"

namespace rota {
namespace {

bool is_tag(std::string_view word) {
  return !word.empty() && word.size() <= 64 && std::all_of(word.begin(), word.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' || letter == '.';
  });
}

bool counts_civil_days(const ScheduleRule& rule) {
  return rule.kind == ScheduleRule::Kind::interval && (rule.unit == Unit::day || rule.unit == Unit::week);
}

// Which clauses may still come, as the message of an error names them.
std::string possible_clauses(const ScheduleRule& rule) {
  std::string words;
  if (rule.kind == ScheduleRule::Kind::interval) {
    if (rule.unit == Unit::week && !rule.weekday) words += "\"on\", ";
    if (counts_civil_days(rule) && !rule.from) words += "\"from\", ";
    const bool random = rule.high > rule.low;
    const bool can_have_time = counts_civil_days(rule) || (rule.unit != Unit::second && !random);
    if (can_have_time && !rule.at) words += "\"at\", ";
  }
  if (rule.zone.empty()) words += "\"in\", ";
  if (!rule.until) words += "\"until\", ";
  return words + "\"tag\" or the end";
}

// The earliest second of the day at which the rule can be due, if it is bound to one.
std::int32_t earliest_of_day(const ScheduleRule& rule) {
  if (rule.kind == ScheduleRule::Kind::cron)
    return std::countr_zero(rule.cron.hours) * 3600 + std::countr_zero(rule.cron.minutes) * 60;
  return counts_civil_days(rule) || rule.unit == Unit::hour ? rule.at.value_or(0) : 0;
}

bool take_on(ScheduleRule& rule, Cursor& cursor) {
  if (rule.unit != Unit::week || rule.weekday || !cursor.take_if("on")) return false;
  rule.weekday = weekday_of(cursor.peek());
  if (!rule.weekday) cursor.fail("a weekday, monday to sunday");
  cursor.take();
  return true;
}

bool take_from(ScheduleRule& rule, Cursor& cursor) {
  if (!counts_civil_days(rule) || rule.from || !cursor.take_if("from")) return false;
  const std::size_t position = cursor.position();
  rule.from = read_date(cursor, cursor.take(), position);
  return true;
}

bool take_at(ScheduleRule& rule, Cursor& cursor) {
  if (rule.at || !equal_ignoring_case(cursor.peek(), "at")) return false;
  if (rule.high > rule.low && !counts_civil_days(rule))
    cursor.fail("no \"at\" with a random interval below a day");
  if (rule.unit == Unit::second) cursor.fail("no \"at\": seconds have no time within them");
  cursor.take();
  const std::size_t position = cursor.position();
  rule.at = read_at(cursor, cursor.take(), position, rule.unit);
  return true;
}

bool take_interval_clause(ScheduleRule& rule, Cursor& cursor) {
  return rule.kind == ScheduleRule::Kind::interval &&
         (take_on(rule, cursor) || take_from(rule, cursor) || take_at(rule, cursor));
}

bool take_common_clause(ScheduleRule& rule, Cursor& cursor, std::size_t& until_position) {
  if (rule.zone.empty() && cursor.take_if("in")) {
    const std::size_t position = cursor.position();
    set_zone(rule, cursor, cursor.take(), position);
    return true;
  }
  if (!rule.until && cursor.take_if("until")) {
    until_position = cursor.position();
    rule.until = take_until(cursor);
    return true;
  }
  if (cursor.take_if("tag")) {
    const std::size_t position = cursor.position();
    add_tag(rule, cursor, cursor.take(), position);
    return true;
  }
  return false;
}

}  // namespace

void set_zone(ScheduleRule& rule, const Cursor& cursor, std::string_view word, std::size_t position) {
  if (!is_known_zone(word))
    cursor.fail_at(position, word, "an IANA time zone that this system has, such as Europe/Brussels");
  rule.zone = word;
}

void add_tag(ScheduleRule& rule, const Cursor& cursor, std::string_view word, std::size_t position) {
  if (!is_tag(word)) cursor.fail_at(position, word, "a tag of up to 64 letters, digits, _, - and .");
  if (std::find(rule.tags.begin(), rule.tags.end(), word) != rule.tags.end())
    cursor.fail_at(position, word, "a tag that the schedule does not have yet");
  rule.tags.emplace_back(word);
}

void check_until(const ScheduleRule& rule, const Cursor& cursor, std::size_t position) {
  if (!rule.until || rule.until->day || !rule.until->second) return;
  const std::int32_t earliest = earliest_of_day(rule);
  if (*rule.until->second < earliest)
    cursor.fail_at(position, until_text(*rule.until),
                   "a time not before " + time_of_day_text(earliest) + ", or the schedule is never due");
}

void take_clauses(ScheduleRule& rule, Cursor& cursor) {
  std::size_t until_position = 0;
  while (!cursor.at_end())
    if (!take_interval_clause(rule, cursor) && !take_common_clause(rule, cursor, until_position))
      cursor.fail(possible_clauses(rule));
  check_until(rule, cursor, until_position);
}

}  // namespace rota
