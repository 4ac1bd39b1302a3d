#include "common/schedule/local_pattern.h"

#include <algorithm>
#include <bit>
#include <chrono>

#include "common/schedule/words.h"
#include "common/text/hash.h"

namespace rota {
namespace {

std::int64_t step_seconds(const ScheduleRule& rule) { return rule.low * nominal_seconds(rule.unit); }

bool is_random(const ScheduleRule& rule) { return rule.high > rule.low; }

bool counts_civil_days(const ScheduleRule& rule) { return rule.unit == Unit::day || rule.unit == Unit::week; }

// The first position not before `from` of a random interval of `low` to `high`
// units: about the k-th multiple of their mean, moved by at most a quarter of their
// difference either way, so that two neighbours are never nearer than `low` or
// farther than `high`. Reckoned in quarter units to stay with whole numbers.
std::int64_t next_random(std::string_view seed, std::int64_t low, std::int64_t high, std::int64_t from) {
  const std::int64_t spread = high - low;
  for (std::int64_t index = floor_divide(from * 2, low + high) - 1;; ++index) {
    const auto drawn = static_cast<std::int64_t>(stable_hash(seed, static_cast<std::uint64_t>(index)) %
                                                 static_cast<std::uint64_t>(2 * spread + 1));
    const std::int64_t position = floor_divide(2 * index * (low + high) + drawn - spread, 4);
    if (position >= from) return position;
  }
}

std::int64_t next_multiple(std::int64_t step, std::int64_t from) {
  return floor_divide(from + step - 1, step) * step;
}

// The first day not before `day` on which an interval of days or weeks is due.
std::int64_t next_day(const ScheduleRule& rule, std::int64_t day) {
  const std::int64_t start = rule.from.value_or(kAnchorDay);
  if (rule.from) day = std::max<std::int64_t>(day, start);
  if (rule.unit == Unit::day) {
    const std::int64_t count = day - start;
    return start + (is_random(rule) ? next_random(rule.seed, rule.low, rule.high, count)
                                    : next_multiple(rule.low, count));
  }
  // Weeks begin on Monday; those that are counted begin with the one that holds the start.
  const std::int64_t first_monday = floor_divide(start - kAnchorDay, 7) * 7 + kAnchorDay;
  const std::int64_t in_week = (static_cast<std::int64_t>(rule.weekday.value_or(Weekday::monday)) + 6) % 7;
  const std::int64_t week = floor_divide(day - first_monday - in_week + 6, 7);
  const std::int64_t due =
      is_random(rule) ? next_random(rule.seed, rule.low, rule.high, week) : next_multiple(rule.low, week);
  return first_monday + due * 7 + in_week;
}

// The first month after `month` that an entry names.
std::chrono::year_month next_cron_month(const ScheduleRule::Cron& cron, std::chrono::year_month month) {
  const auto later = static_cast<std::uint16_t>(cron.months >> (static_cast<unsigned>(month.month()) + 1));
  if (later != 0) return month + std::chrono::months{1 + std::countr_zero(later)};
  return (month.year() + std::chrono::years{1}) /
         std::chrono::month{static_cast<unsigned>(std::countr_zero(cron.months))};
}

// The days of a month on which an entry is due, as bits from 1: both its fields must fit if one of them
// begins with `*`, else one of them suffices, crontab(5).
std::uint64_t cron_days(const ScheduleRule::Cron& cron, std::chrono::year_month month) {
  const auto last = static_cast<unsigned>((month / std::chrono::last).day());
  const unsigned weekday = std::chrono::weekday{std::chrono::sys_days{month / 1}}.c_encoding();
  const std::uint64_t week = ((cron.weekdays | std::uint64_t{cron.weekdays} << 7) >> weekday) & 0x7f;
  const std::uint64_t by_weekday = (week | week << 7 | week << 14 | week << 21 | week << 28) << 1;
  const std::uint64_t fit =
      cron.star_day || cron.star_weekday ? cron.days & by_weekday : cron.days | by_weekday;
  return fit & ((std::uint64_t{2} << last) - 2);
}

// Goes by months, so that an entry of one month takes a step a year and not one for each day.
std::int64_t next_cron_day(const ScheduleRule::Cron& cron, std::int64_t day) {
  using std::chrono::days;
  using std::chrono::sys_days;
  const std::chrono::year_month_day civil{sys_days{days{day}}};
  auto first = static_cast<unsigned>(civil.day());
  for (std::chrono::year_month month = civil.year() / civil.month();; first = 1) {
    if ((cron.months >> static_cast<unsigned>(month.month()) & 1U) != 0) {
      const std::uint64_t left = cron_days(cron, month) >> first << first;
      if (left != 0) return sys_days{month / 1}.time_since_epoch().count() + std::countr_zero(left) - 1;
    }
    month = next_cron_month(cron, month);
  }
}

// The first second of a day, not before `second`, at which an entry is due; -1 if none is left.
std::int64_t next_cron_time(const ScheduleRule::Cron& cron, std::int64_t second) {
  std::int64_t minute_of_day = (second + 59) / 60;
  for (std::int64_t hour = minute_of_day / 60; hour < 24; minute_of_day = ++hour * 60) {
    if ((cron.hours >> hour & 1U) == 0) continue;
    const std::uint64_t left = cron.minutes >> (minute_of_day % 60);
    if (left != 0) return (minute_of_day + std::countr_zero(left)) * 60;
  }
  return -1;
}

std::int64_t next_cron(const ScheduleRule::Cron& cron, std::int64_t local) {
  const std::int64_t today = floor_divide(local, kDaySeconds);
  std::int64_t day = next_cron_day(cron, today);
  if (day == today) {
    const std::int64_t time = next_cron_time(cron, local - today * kDaySeconds);
    if (time >= 0) return today * kDaySeconds + time;
    day = next_cron_day(cron, today + 1);
  }
  return day * kDaySeconds + next_cron_time(cron, 0);
}

}  // namespace

Reading reading_of(const ScheduleRule& rule) {
  if (rule.kind == ScheduleRule::Kind::cron)
    return rule.cron.star_minute || rule.cron.star_hour ? Reading::clock : Reading::civil;
  if (counts_civil_days(rule)) return Reading::civil;
  const std::int64_t step = step_seconds(rule);
  return !is_random(rule) && step < kDaySeconds && kDaySeconds % step == 0 ? Reading::clock
                                                                           : Reading::elapsed;
}

std::int64_t next_reading(const ScheduleRule& rule, std::int64_t local) {
  if (rule.kind == ScheduleRule::Kind::cron) return next_cron(rule.cron, local);
  const std::int64_t at = rule.at.value_or(0);
  if (counts_civil_days(rule)) {
    // Rounded up to a day, so that a day whose time has passed is not taken.
    const std::int64_t day = floor_divide(local - at + kDaySeconds - 1, kDaySeconds);
    return next_day(rule, day) * kDaySeconds + at;
  }
  return next_multiple(step_seconds(rule), local - at) + at;
}

std::int64_t next_step(const ScheduleRule& rule, std::int64_t elapsed) {
  if (!is_random(rule)) {
    const std::int64_t at = rule.at.value_or(0);
    return next_multiple(step_seconds(rule), elapsed + 1 - at) + at;
  }
  const std::int64_t unit = nominal_seconds(rule.unit);
  return next_random(rule.seed, rule.low * unit, rule.high * unit, elapsed + 1);
}

}  // namespace rota
