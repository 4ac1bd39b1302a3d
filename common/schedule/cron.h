// Crontab entries, as crontab(5) of Vixie's cron and cronie has them.
#pragma once

#include <rota/schedule.h>

#include <array>
#include <string_view>

#include "common/schedule/cursor.h"

namespace rota {

// The @ names with the five fields that each stands for, crontab(5).
struct CronName {
  std::string_view name;
  std::string_view fields;
};
inline constexpr std::array<CronName, 7> kCronNames{{{"@yearly", "0 0 1 1 *"},
                                                     {"@annually", "0 0 1 1 *"},
                                                     {"@monthly", "0 0 1 * *"},
                                                     {"@weekly", "0 0 * * 0"},
                                                     {"@daily", "0 0 * * *"},
                                                     {"@midnight", "0 0 * * *"},
                                                     {"@hourly", "0 * * * *"}}};

// Reads five fields or an @ name. Throws the cursor's ScheduleError, also for an
// entry that is never due, such as `30 2 30 2 *`.
ScheduleRule take_cron(Cursor& cursor);

}  // namespace rota
