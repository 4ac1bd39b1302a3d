// The fixed delay, `10 minutes after finish`.
#pragma once

#include <rota/schedule.h>

#include <chrono>

namespace rota {

// The rule for a positive delay, in the largest unit that measures it in whole
// numbers, so that 60 minutes and 1 hour are the same schedule.
inline ScheduleRule delay_rule(std::chrono::seconds delay) {
  ScheduleRule rule;
  rule.kind = ScheduleRule::Kind::after_finish;
  rule.unit = Unit::second;
  std::int64_t count = delay.count();
  constexpr struct {
    Unit unit;
    std::int64_t seconds;
  } kLarger[] = {{Unit::week, 604'800}, {Unit::day, 86'400}, {Unit::hour, 3600}, {Unit::minute, 60}};
  for (const auto& larger : kLarger) {
    if (count % larger.seconds != 0) continue;
    rule.unit = larger.unit;
    count /= larger.seconds;
    break;
  }
  rule.low = rule.high = static_cast<std::int32_t>(count);
  return rule;
}

}  // namespace rota
