#include "supervisor/crontab/occurrence_texts.h"

#include "common/schedule/zoned_text.h"

namespace rota {

std::vector<std::string> occurrence_texts(const std::vector<std::chrono::sys_seconds>& instants,
                                          const std::string& zone) {
  std::vector<std::string> texts;
  texts.reserve(instants.size());
  for (const std::chrono::sys_seconds instant : instants) texts.push_back(rfc3339_in(zone, instant));
  return texts;
}

}  // namespace rota
