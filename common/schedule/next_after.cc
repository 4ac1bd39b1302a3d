#include <rota/schedule.h>

#include <algorithm>
#include <limits>

#include "common/schedule/local_pattern.h"
#include "common/schedule/words.h"
#include "common/schedule/zone.h"

namespace rota {
namespace {

// RFC 3339 ends with the year 9999, and no schedule needs an end later than that.
constexpr std::int64_t kEndOfTime = 253'402'300'800;
constexpr std::int64_t kBeginOfTime = -2'208'988'800;  // 1900-01-01
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

std::int64_t next_on_the_clock(const ScheduleRule& rule, Zone& zone, std::int64_t after) {
  Zone::Segment segment = zone.segment(after);
  std::int64_t from = after + 1;
  if (from == segment.end) segment = zone.segment(from);
  for (;;) {
    const std::int64_t instant = next_reading(rule, from + segment.offset) - segment.offset;
    if (instant < segment.end) return instant;
    if (segment.end >= kEndOfTime) return kNever;
    from = segment.end;
    segment = zone.segment(from);
  }
}

// Near a change of the offset a later local time can be the earlier instant: one
// in a gap is moved past what follows it. So all of a day's and the day's after are compared.
std::int64_t next_near_transition(const ScheduleRule& rule, const Zone& zone, std::int64_t after,
                                  std::int64_t local) {
  std::int64_t best = kNever;
  std::int64_t reading = (floor_divide(local, kDaySeconds) - 1) * kDaySeconds;
  std::int64_t last = kNever;
  for (;; ++reading) {
    reading = next_reading(rule, reading);
    if (reading >= last || reading >= kEndOfTime) return best;
    const std::int64_t instant = zone.instant_of(reading);
    if (instant <= after) continue;
    if (best == kNever) last = (floor_divide(reading, kDaySeconds) + 2) * kDaySeconds;
    best = std::min(best, instant);
  }
}

std::int64_t next_civil(const ScheduleRule& rule, Zone& zone, std::int64_t after) {
  const Zone::Segment segment = zone.segment(after);
  const std::int64_t local = after + segment.offset;
  // No gap or fold is longer than a day, so that nothing of the last change reaches here.
  if (segment.begin < after - kDaySeconds) {
    const std::int64_t instant = next_reading(rule, local + 1) - segment.offset;
    if (instant < segment.end) return instant;
  }
  return next_near_transition(rule, zone, after, local);
}

std::int64_t next_elapsed(const ScheduleRule& rule, const Zone& zone, std::int64_t after) {
  const std::int64_t anchor = zone.instant_of(kAnchorDay * kDaySeconds);
  return anchor + next_step(rule, after - anchor);
}

std::int64_t next_unbounded(const ScheduleRule& rule, Zone& zone, std::int64_t after) {
  if (rule.kind == ScheduleRule::Kind::after_finish) return after + rule.low * nominal_seconds(rule.unit);
  switch (reading_of(rule)) {
    case Reading::civil:
      return next_civil(rule, zone, after);
    case Reading::clock:
      return next_on_the_clock(rule, zone, after);
    case Reading::elapsed:
      break;
  }
  return next_elapsed(rule, zone, after);
}

// The first instant that is past an `until` with a date; the end of time for none.
std::int64_t end_of(const std::optional<ScheduleRule::Until>& until, const Zone& zone) {
  if (!until || !until->day) return kEndOfTime;
  const std::int64_t midnight = *until->day * kDaySeconds;
  return until->second ? zone.instant_of(midnight + *until->second) + 1
                       : zone.instant_of(midnight + kDaySeconds);
}

// A bound for each day: past it the search goes on with the day after.
std::int64_t next_within_days(const ScheduleRule& rule, Zone& zone, std::int64_t after,
                              std::int32_t last_second) {
  // A step that never meets the open part of a day would otherwise be sought for ever.
  constexpr int kDaysToLook = 5000;
  for (int day = 0; day < kDaysToLook; ++day) {
    const std::int64_t instant = next_unbounded(rule, zone, after);
    if (instant >= kEndOfTime) return kNever;
    const std::int64_t local = instant + zone.segment(instant).offset;
    const std::int64_t midnight = floor_divide(local, kDaySeconds) * kDaySeconds;
    if (local - midnight <= last_second) return instant;
    after = std::max(instant, zone.instant_of(midnight + kDaySeconds) - 1);
  }
  return kNever;
}

}  // namespace

std::optional<std::chrono::sys_seconds> Schedule::next_after(std::chrono::sys_seconds after) const {
  const ScheduleRule& rule = *rule_;
  Zone& zone = Zone::of(rule.zone);
  const std::int64_t from = std::max(after.time_since_epoch().count(), kBeginOfTime);
  if (from >= kEndOfTime) return std::nullopt;
  const auto last_of_day = rule.until && !rule.until->day ? rule.until->second : std::nullopt;
  const std::int64_t instant =
      last_of_day ? next_within_days(rule, zone, from, *last_of_day) : next_unbounded(rule, zone, from);
  if (instant >= std::min(end_of(rule.until, zone), kEndOfTime)) return std::nullopt;
  return std::chrono::sys_seconds{std::chrono::seconds{instant}};
}

}  // namespace rota
