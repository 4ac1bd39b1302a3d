#include "supervisor/crontab/occurrence_texts.h"

#include "common/schedule/zone.h"
#include "common/time/rfc3339.h"

namespace rota {

std::vector<std::string> occurrence_texts(const std::vector<std::chrono::sys_seconds>& instants,
                                          const std::string& zone) {
  Zone& clock = Zone::of(zone);
  std::vector<std::string> texts;
  texts.reserve(instants.size());
  for (const std::chrono::sys_seconds instant : instants)
    texts.push_back(format_rfc3339(
        instant, std::chrono::seconds{clock.segment(instant.time_since_epoch().count()).offset}));
  return texts;
}

}  // namespace rota
