#include "supervisor/forecast/clock_changes.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "common/schedule/local_pattern.h"
#include "common/schedule/zone.h"

namespace rota {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

struct Transition {
  std::int64_t at = 0;
  std::int64_t offset_before = 0;
  std::int64_t offset_after = 0;

  bool is_gap() const { return offset_after > offset_before; }
  // The local times that do not exist, or come twice; the end is not in.
  std::int64_t first_local() const { return at + std::min(offset_before, offset_after); }
  std::int64_t end_local() const { return at + std::max(offset_before, offset_after); }
};

std::vector<Transition> transitions_of(const std::string& zone_name, const ForecastInput& input) {
  Zone& zone = Zone::of(zone_name);
  const auto from = std::chrono::floor<seconds>(input.from).time_since_epoch().count();
  const auto to = std::chrono::floor<seconds>(input.to).time_since_epoch().count();
  std::vector<Transition> transitions;
  // A fold that has begun before `from` may still reach into the range.
  Zone::Segment segment = zone.segment(from - kDaySeconds);
  constexpr int kMostSegments = 1000;
  for (int i = 0; i < kMostSegments && segment.end < to; ++i) {
    const Zone::Segment next = zone.segment(segment.end);
    const Transition transition{segment.end, segment.offset, next.offset};
    const std::int64_t last = transition.at + std::abs(next.offset - segment.offset);
    if (next.offset != segment.offset && last > from) transitions.push_back(transition);
    segment = next;
  }
  return transitions;
}

bool is_due_at(const Schedule& schedule, std::int64_t instant) {
  return schedule.next_after(sys_seconds{seconds{instant - 1}}) == sys_seconds{seconds{instant}};
}

ClockChange::Effect effect_of(Reading reading, bool gap) {
  using Effect = ClockChange::Effect;
  if (reading == Reading::civil) return gap ? Effect::moved : Effect::once;
  return gap ? Effect::left_out : Effect::both;
}

// RFC 5545, section 3.3.5: in a gap, and at the first of two, a time has the offset before the change.
std::int64_t instant_of(const Transition& transition, std::int64_t local) {
  return local - transition.offset_before;
}

void count_times(const Schedule& schedule, const Transition& transition, ClockChange& change) {
  std::int64_t local = transition.first_local();
  // No schedule has more than one occurrence a second.
  for (;; ++local) {
    local = next_reading(schedule.rule(), local);
    if (local >= transition.end_local()) return;
    const std::int64_t instant = instant_of(transition, local);
    const bool left_out = change.effect == ClockChange::Effect::left_out;
    const bool holds = left_out ? schedule.next_after(sys_seconds{seconds{transition.at - 1}}).has_value()
                                : is_due_at(schedule, instant);
    if (!holds) continue;
    if (change.times++ == 0) {
      change.first_local = local;
      change.first_runs_at = Instant{seconds{instant}};
    }
    change.last_local = local;
  }
}

}  // namespace

std::vector<ClockChange> find_clock_changes(const ForecastInput& input) {
  std::map<std::string, std::vector<Transition>> known;
  std::vector<ClockChange> changes;
  for (std::uint32_t index = 0; index < input.jobs.size(); ++index) {
    const auto& schedule = input.jobs[index].schedule;
    if (!schedule || schedule->counts_from_finish()) continue;
    const Reading reading = reading_of(schedule->rule());
    if (reading == Reading::elapsed) continue;
    const auto [zone, is_new] = known.try_emplace(schedule->zone());
    if (is_new) zone->second = transitions_of(schedule->zone(), input);
    for (const Transition& transition : zone->second) {
      ClockChange change;
      change.job = index;
      change.effect = effect_of(reading, transition.is_gap());
      change.zone = schedule->zone();
      change.change_at = Instant{seconds{transition.at}};
      change.offset_before = seconds{transition.offset_before};
      change.offset_after = seconds{transition.offset_after};
      count_times(*schedule, transition, change);
      if (change.times > 0) changes.push_back(std::move(change));
    }
  }
  std::stable_sort(changes.begin(), changes.end(), [](const ClockChange& left, const ClockChange& right) {
    return std::tie(left.change_at, left.zone, left.effect) <
           std::tie(right.change_at, right.zone, right.effect);
  });
  return changes;
}

}  // namespace rota
