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

using std::chrono::seconds;

bool comes_every_few_minutes(const Schedule& schedule) {
  return schedule.rule().kind == ScheduleRule::Kind::interval && schedule.rule().unit == Unit::minute;
}

// Where the job could go instead.
std::vector<Place> places_for(const ForecastInput& input, const ForecastJob& job) {
  std::vector<Place> places;
  if (!job.schedule || job.schedule->counts_from_finish()) return places;
  if (input.spread_offset && job.spread_offset.count() == 0) {
    const seconds interval = interval_of(*job.schedule, input.from);
    constexpr std::array kWindows{std::chrono::minutes{5}, std::chrono::minutes{10}, std::chrono::minutes{15},
                                  std::chrono::minutes{30}};
    for (const seconds window : kWindows)
      if (window <= interval)
        places.push_back({*job.schedule, input.spread_offset(job.name, window), window});
  }
  // An interval of minutes with a spread reads better than the crontab entry that it would become.
  if (!places.empty() && comes_every_few_minutes(*job.schedule)) return places;
  for (Schedule& schedule : moved_schedules(*job.schedule))
    places.push_back({std::move(schedule), job.spread_offset, std::nullopt});
  return places;
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
  std::vector<Place> places = places_for(input, job);
  if (places.empty()) return std::nullopt;
  const Occupancy occupancy{input, simulation, index};
  const Occupancy::Cost now = occupancy.cost(*job.schedule, job.spread_offset);
  const auto first_at = [&](const Schedule& schedule, seconds offset) {
    return schedule.next_after(std::chrono::floor<seconds>(input.from) - offset)
               .value_or(std::chrono::sys_seconds{}) +
           offset;
  };
  const auto here = first_at(*job.schedule, job.spread_offset);
  using Rank = std::tuple<std::int64_t, std::int64_t, bool, seconds>;
  std::optional<std::pair<Rank, const Place*>> best;
  for (const Place& place : places) {
    const Occupancy::Cost cost = occupancy.cost(place.schedule, place.offset);
    // Out of the range is no better place, only one that is not seen.
    if (cost.occurrences < now.occurrences) continue;
    const Rank rank{cost.above_limit, cost.met, place.spread.has_value(),
                    std::chrono::abs(first_at(place.schedule, place.offset) - here)};
    if (!best || rank < best->first) best = {rank, &place};
  }
  if (!best) return std::nullopt;
  // To be due later in the same queue lowers the waiting and makes nothing better.
  const std::int64_t above_limit = std::get<0>(best->first);
  if (above_limit > 0 && above_limit >= now.above_limit) return std::nullopt;
  return *best->second;
}

}  // namespace rota
