#include "supervisor/forecast/better_place.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>
#include <vector>

#include "supervisor/forecast/moved_schedules.h"
#include "supervisor/forecast/occupancy.h"

namespace rota {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// People like round minutes; what comes every five minutes is at all of them.
constexpr minutes kRoundMinutes{5};
constexpr minutes kEachMinute{1};

bool comes_every_few_minutes(const Schedule& schedule) {
  return schedule.rule().kind == ScheduleRule::Kind::interval && schedule.rule().unit == Unit::minute;
}

// Where the job could go instead.
std::vector<Place> places_for(const ForecastInput& input, const ForecastJob& job, minutes grid) {
  std::vector<Place> places;
  if (input.spread_offset && job.spread_offset.count() == 0) {
    const seconds interval = interval_of(*job.schedule, input.from);
    constexpr std::array kWindows{minutes{5}, minutes{10}, minutes{15}, minutes{30}};
    for (const seconds window : kWindows)
      if (window <= interval)
        places.push_back({*job.schedule, input.spread_offset(job.name, window), window});
  }
  // An interval of minutes with a spread reads better than the crontab entry that it would become.
  if (!places.empty() && comes_every_few_minutes(*job.schedule)) return places;
  for (Schedule& schedule : moved_schedules(*job.schedule, grid))
    places.push_back({std::move(schedule), job.spread_offset, std::nullopt});
  return places;
}

struct Best {
  Place place;
  std::int64_t above_limit = 0;
};

// The place on `grid` with the least cost.
std::optional<Best> best_of(const ForecastInput& input, const ForecastJob& job, const Occupancy& occupancy,
                            minutes grid) {
  const auto first_at = [&](const Schedule& schedule, seconds offset) {
    return schedule.next_after(std::chrono::floor<seconds>(input.from) - offset)
               .value_or(std::chrono::sys_seconds{}) +
           offset;
  };
  const auto here = first_at(*job.schedule, job.spread_offset);
  const std::size_t occurrences = occupancy.cost(*job.schedule, job.spread_offset).occurrences;
  using Rank = std::tuple<std::int64_t, std::int64_t, bool, seconds>;
  std::optional<std::pair<Rank, Place>> best;
  for (Place& place : places_for(input, job, grid)) {
    const Occupancy::Cost cost = occupancy.cost(place.schedule, place.offset);
    // Out of the range is no better place, only one that is not seen.
    if (cost.occurrences < occurrences) continue;
    const Rank rank{cost.above_limit, cost.met, place.spread.has_value(),
                    std::chrono::abs(first_at(place.schedule, place.offset) - here)};
    if (!best || rank < best->first) best = {rank, std::move(place)};
  }
  if (!best) return std::nullopt;
  return Best{std::move(best->second), std::get<0>(best->first)};
}

}  // namespace

seconds interval_of(const Schedule& schedule, Instant from) {
  seconds shortest = std::chrono::hours{24 * 366};
  auto last = schedule.next_after(std::chrono::floor<seconds>(from));
  for (int i = 0; last && i < 20; ++i) {
    const auto next = schedule.next_after(*last);
    if (next) shortest = std::min(shortest, seconds{*next - *last});
    last = next;
  }
  return shortest;
}

std::optional<Place> best_place(const ForecastInput& input, const Simulation& simulation,
                                std::uint32_t index) {
  const ForecastJob& job = input.jobs[index];
  if (!job.schedule || job.schedule->counts_from_finish()) return std::nullopt;
  const Occupancy occupancy{input, simulation, index};
  const std::int64_t above_limit = occupancy.cost(*job.schedule, job.spread_offset).above_limit;
  for (const minutes grid : {kRoundMinutes, kEachMinute}) {
    auto best = best_of(input, job, occupancy, grid);
    // To be due later in the same queue lowers the waiting and makes nothing better.
    const bool is_better = best && (best->above_limit == 0 || best->above_limit < above_limit);
    if (is_better && (best->above_limit == 0 || grid == kEachMinute)) return std::move(best->place);
  }
  return std::nullopt;
}

}  // namespace rota
