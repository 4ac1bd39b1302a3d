#include "common/schedule/zoned_text.h"

#include "common/schedule/zone.h"
#include "common/time/rfc3339.h"

namespace rota {

std::string rfc3339_in(const std::string& zone, std::chrono::sys_seconds instant) {
  return format_rfc3339(
      instant, std::chrono::seconds{Zone::of(zone).segment(instant.time_since_epoch().count()).offset});
}

}  // namespace rota
