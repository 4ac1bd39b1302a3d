#include <rota/schedule.h>

#include <string>

#include "common/schedule/clauses.h"
#include "common/schedule/cron.h"
#include "common/schedule/cursor.h"
#include "common/schedule/delay.h"
#include "common/schedule/moments.h"

namespace rota {
namespace {

[[noreturn]] void refuse(const std::string& found, const std::string& expected) {
  throw ScheduleError{"schedule: found " + found + ", expected " + expected, 0};
}

ScheduleRule interval(int low, int high, Unit unit) {
  ScheduleRule rule;
  rule.low = low;
  rule.high = high;
  rule.unit = unit;
  return rule;
}

ScheduleRule with_at(ScheduleRule rule, std::string_view time) {
  rule.at = read_at(Cursor{time}, time, 0, rule.unit);
  check_until(rule, Cursor{time}, 0);
  return rule;
}

}  // namespace

Schedule Schedule::with_default_zone(const std::string& zone) const {
  if (!rule_->zone.empty()) return *this;
  ScheduleRule rule = *rule_;
  set_zone(rule, Cursor{zone}, zone, 0);
  return Schedule{std::move(rule)};
}

Schedule Schedule::with_seed(std::string seed) const {
  if (rule_->low == rule_->high) return *this;
  ScheduleRule rule = *rule_;
  rule.seed = std::move(seed);
  return Schedule{std::move(rule)};
}

namespace builder {

template <typename Self>
Self Clauses<Self>::in(std::string_view zone) const {
  ScheduleRule rule = rule_;
  set_zone(rule, Cursor{zone}, zone, 0);
  return Self{std::move(rule)};
}

template <typename Self>
Self Clauses<Self>::until(std::string_view moment) const {
  ScheduleRule rule = rule_;
  Cursor cursor{moment};
  rule.until = take_until(cursor);
  if (!cursor.at_end()) cursor.fail("the end");
  check_until(rule, Cursor{moment}, 0);
  return Self{std::move(rule)};
}

template <typename Self>
Self Clauses<Self>::tag(std::string_view name) const {
  ScheduleRule rule = rule_;
  add_tag(rule, Cursor{name}, name, 0);
  return Self{std::move(rule)};
}

template class Clauses<Complete>;
template class Clauses<EveryMinutes>;
template class Clauses<EveryHours>;
template class Clauses<EveryDays>;

Complete EveryMinutes::at(std::string_view time) const { return Complete{with_at(rule_, time)}; }

Complete EveryHours::at(std::string_view time) const { return Complete{with_at(rule_, time)}; }

EveryDays EveryDays::from(std::string_view date) const {
  ScheduleRule rule = rule_;
  rule.from = read_date(Cursor{date}, date, 0);
  return EveryDays{std::move(rule)};
}

Complete EveryDays::at(std::string_view time, std::string_view zone) const {
  const Complete complete{with_at(rule_, time)};
  return zone.empty() ? complete : complete.in(zone);
}

EveryDays EveryWeeks::on(Weekday weekday) const {
  ScheduleRule rule = rule_;
  rule.weekday = weekday;
  return EveryDays{std::move(rule)};
}

ManyOrRange::ManyOrRange(int low, int high) : low_{low}, high_{high} {
  if (high <= low || high > kLargestCount)
    refuse("every(" + std::to_string(low) + ").to(" + std::to_string(high) + ")",
           "a number from " + std::to_string(low + 1) + " to " + std::to_string(kLargestCount));
}

ScheduleRule ManyOrRange::rule(Unit unit) const { return interval(low_, high_, unit); }
Complete ManyOrRange::seconds() const { return Complete{rule(Unit::second)}; }
Complete ManyOrRange::minutes() const { return Complete{rule(Unit::minute)}; }
Complete ManyOrRange::hours() const { return Complete{rule(Unit::hour)}; }
EveryDays ManyOrRange::days() const { return EveryDays{rule(Unit::day)}; }
EveryWeeks ManyOrRange::weeks() const { return EveryWeeks{rule(Unit::week)}; }

Many::Many(int count) : count_{count} {
  if (count < 1 || count > kLargestCount)
    refuse("every(" + std::to_string(count) + ")", "a number from 1 to " + std::to_string(kLargestCount));
}

ScheduleRule Many::rule(Unit unit) const { return interval(count_, count_, unit); }
Complete Many::seconds() const { return Complete{rule(Unit::second)}; }
EveryMinutes Many::minutes() const { return EveryMinutes{rule(Unit::minute)}; }
EveryHours Many::hours() const { return EveryHours{rule(Unit::hour)}; }
EveryDays Many::days() const { return EveryDays{rule(Unit::day)}; }
EveryWeeks Many::weeks() const { return EveryWeeks{rule(Unit::week)}; }

Complete One::second() const { return Complete{interval(1, 1, Unit::second)}; }
EveryMinutes One::minute() const { return EveryMinutes{interval(1, 1, Unit::minute)}; }
EveryHours One::hour() const { return EveryHours{interval(1, 1, Unit::hour)}; }
EveryDays One::day() const { return EveryDays{interval(1, 1, Unit::day)}; }
EveryWeeks One::week() const { return EveryWeeks{interval(1, 1, Unit::week)}; }
EveryDays One::on(Weekday weekday) const { return week().on(weekday); }

}  // namespace builder

builder::Complete after_finish(std::chrono::seconds delay) {
  if (delay.count() < 1 || delay.count() > kLargestCount)
    refuse("a delay of " + std::to_string(delay.count()) + " s after finish",
           "1 to " + std::to_string(kLargestCount) + " seconds");
  return builder::Complete{delay_rule(delay)};
}

builder::Complete cron(std::string_view entry) {
  Cursor cursor{entry};
  ScheduleRule rule = take_cron(cursor);
  if (!cursor.at_end()) cursor.fail("the end: a crontab entry has five fields, and no command");
  return builder::Complete{std::move(rule)};
}

}  // namespace rota
