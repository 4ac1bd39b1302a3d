#include "supervisor/forecast/moved_schedules.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/schedule/cron.h"
#include "common/schedule/local_pattern.h"

namespace rota {
namespace {

constexpr std::int32_t kHourMinutes = 60;
constexpr std::int32_t kDayMinutes = 24 * kHourMinutes;

// The minutes of the day in the hour of `minute` and in those beside it, without itself.
std::vector<std::int32_t> minutes_near(std::int32_t minute, std::int32_t grid) {
  std::vector<std::int32_t> near;
  const std::int32_t hour = minute / kHourMinutes * kHourMinutes;
  const std::int32_t end = std::min(hour + 2 * kHourMinutes, kDayMinutes);
  for (std::int32_t each = std::max(hour - kHourMinutes, 0); each < end; each += grid)
    if (each != minute) near.push_back(each);
  return near;
}

std::vector<std::int32_t> other_minutes_of_hour(std::int32_t minute, std::int32_t grid) {
  std::vector<std::int32_t> others;
  for (std::int32_t each = 0; each < kHourMinutes; each += grid)
    if (each != minute) others.push_back(each);
  return others;
}

// The minute fields that come every `step` minutes, which divide the hour, but not from `first`.
std::vector<std::string> other_step_fields(std::int32_t step, std::int32_t first, std::int32_t grid) {
  std::vector<std::string> fields;
  const std::int32_t by = step > 2 * grid ? grid : 1;
  for (std::int32_t begin = 0; begin < step; begin += by)
    if (begin != first)
      fields.push_back((begin == 0 ? "*" : std::to_string(begin) + "-59") + "/" + std::to_string(step));
  return fields;
}

// The five fields of an entry; those of an @ name spelled out.
std::array<std::string, 5> fields_of(const ScheduleRule::Cron& cron) {
  std::string_view text = cron.text;
  for (const auto& [name, meaning] : kCronNames)
    if (text == name) text = meaning;
  std::array<std::string, 5> fields;
  for (std::string& field : fields) {
    const std::size_t end = std::min(text.find(' '), text.size());
    field = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fields;
}

struct Steps {
  std::int32_t step = 0;
  std::int32_t first = 0;
};

// If the minutes of an entry come in equal steps around the hour.
std::optional<Steps> steps_of(std::uint64_t minutes) {
  const std::int32_t count = std::popcount(minutes);
  if (count < 2 || count == kHourMinutes || kHourMinutes % count != 0) return std::nullopt;
  const Steps steps{kHourMinutes / count, std::countr_zero(minutes)};
  for (std::int32_t minute = steps.first; minute < kHourMinutes; minute += steps.step)
    if ((minutes >> minute & 1U) == 0) return std::nullopt;
  return steps.first < steps.step ? std::optional{steps} : std::nullopt;
}

std::vector<std::string> moved_entries(const ScheduleRule::Cron& cron, std::int32_t grid) {
  auto fields = fields_of(cron);
  std::vector<std::string> entries;
  const auto add = [&] {
    entries.push_back(fields[0] + " " + fields[1] + " " + fields[2] + " " + fields[3] + " " + fields[4]);
  };
  if (const auto steps = steps_of(cron.minutes)) {
    for (std::string& field : other_step_fields(steps->step, steps->first, grid)) {
      fields[0] = std::move(field);
      add();
    }
    return entries;
  }
  if (std::popcount(cron.minutes) != 1) return entries;
  const std::int32_t minute = std::countr_zero(cron.minutes);
  if (std::popcount(cron.hours) != 1) {
    for (const std::int32_t other : other_minutes_of_hour(minute, grid)) {
      fields[0] = std::to_string(other);
      add();
    }
    return entries;
  }
  for (const std::int32_t other : minutes_near(std::countr_zero(cron.hours) * kHourMinutes + minute, grid)) {
    fields[0] = std::to_string(other % kHourMinutes);
    fields[1] = std::to_string(other / kHourMinutes);
    add();
  }
  return entries;
}

ScheduleRule with_entry(const ScheduleRule& rule, const std::string& entry) {
  ScheduleRule moved = rule;
  const ScheduleRule parsed = parse_schedule(entry).rule();
  moved.kind = parsed.kind;
  moved.low = parsed.low;
  moved.high = parsed.high;
  moved.unit = parsed.unit;
  moved.cron = parsed.cron;
  return moved;
}

std::vector<ScheduleRule> moved_rules(const ScheduleRule& rule, std::int32_t grid) {
  std::vector<ScheduleRule> rules;
  const auto move_at = [&](const std::vector<std::int32_t>& minutes) {
    for (const std::int32_t minute : minutes) {
      rules.push_back(rule);
      rules.back().at = minute * 60;
    }
  };
  if (rule.kind == ScheduleRule::Kind::cron) {
    for (const std::string& entry : moved_entries(rule.cron, grid)) rules.push_back(with_entry(rule, entry));
    return rules;
  }
  const std::int32_t at_minute = rule.at.value_or(0) / 60;
  if (rule.unit == Unit::day || rule.unit == Unit::week) {
    move_at(minutes_near(at_minute, grid));
  } else if (rule.high > rule.low) {
    return rules;
  } else if (rule.unit == Unit::hour) {
    move_at(other_minutes_of_hour(at_minute, grid));
  } else if (rule.unit == Unit::minute && rule.low > 1 && rule.low < kHourMinutes &&
             kHourMinutes % rule.low == 0 && !rule.at) {
    for (const std::string& field : other_step_fields(rule.low, 0, grid))
      rules.push_back(with_entry(rule, field + " * * * *"));
  }
  return rules;
}

}  // namespace

std::vector<Schedule> moved_schedules(const Schedule& schedule, std::chrono::minutes grid) {
  std::vector<Schedule> moved;
  if (schedule.counts_from_finish()) return moved;
  const Reading reading = reading_of(schedule.rule());
  for (ScheduleRule& rule : moved_rules(schedule.rule(), static_cast<std::int32_t>(grid.count()))) {
    try {
      const Schedule parsed = parse_schedule(to_string(Schedule{std::move(rule)}));
      if (reading_of(parsed.rule()) == reading) moved.push_back(parsed.with_seed(schedule.rule().seed));
    } catch (const ScheduleError&) {
      // Later than its own `until`: no place to move to.
      continue;
    }
  }
  return moved;
}

}  // namespace rota
