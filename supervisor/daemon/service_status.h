// What the daemon does, in one line for `systemctl status`. Pure.
#pragma once

#include <string>

#include "common/time/instant.h"
#include "supervisor/http/scheduler_api.h"

namespace rota {

// "3 running, 12 waiting, next scrape_mep_meetings at 02:20", by the clock of `zone`, with what
// is paused and what is wrong. The line is read later than it is made, so it names the day of an
// occurrence that is not on the day of `now`. Throws std::runtime_error if the system does not have the zone.
std::string service_status(const SupervisorStatus& status, const std::string& zone, Instant now);

// "stopping, 3 running".
std::string stopping_status(const SupervisorStatus& status);

}  // namespace rota
