// The schedules near a given one: as often, on the same days, at another minute or in a
// neighbouring hour. For the search of a better time. Pure.
#pragma once

#include <rota/schedule.h>

#include <chrono>
#include <vector>

namespace rota {

// Times on the minutes of the hour that `grid`, which divides it, gives: of a daily or weekly schedule in the
// same hour and the two beside it on the same day, of an hourly one within the hour, of one that comes every
// few minutes by each minute between. Crontab entries likewise. Every one is what parse_schedule makes of its
// text, with the seed of the given one, and meets daylight saving by the same rule. Empty for what has no
// place in the hour: fixed delays, random intervals, irregular minutes.
std::vector<Schedule> moved_schedules(const Schedule& schedule, std::chrono::minutes grid);

}  // namespace rota
