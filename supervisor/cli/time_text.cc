#include "supervisor/cli/time_text.h"

#include <chrono>
#include <cstdlib>

#include "common/schedule/zone_names.h"
#include "common/schedule/zoned_text.h"
#include "common/time/duration.h"
#include "common/time/rfc3339.h"

namespace rota {

std::string zone_to_show(bool utc) {
  if (utc) return "UTC";
  const char* value = std::getenv("TZ");
  if (!value) return system_zone();
  std::string name{value};
  if (name.starts_with(':')) name.erase(0, 1);
  if (name.empty()) return "UTC";
  return is_known_zone(name) ? name : system_zone();
}

std::string time_text(std::string_view instant, const std::string& zone) {
  const auto parsed = parse_rfc3339(instant);
  if (!parsed) return std::string{instant};
  const auto second = std::chrono::floor<std::chrono::seconds>(*parsed);
  std::string text = rfc3339_in(zone, second).substr(0, std::string_view{"2026-03-01T02:20:00"}.size());
  text[10] = ' ';
  return text;
}

std::optional<Instant> parse_since(std::string_view text, Instant now) {
  if (const auto duration = parse_duration(text)) return now - *duration;
  return parse_rfc3339(text);
}

std::string duration_text(std::string_view start, std::string_view end) {
  const auto from = parse_rfc3339(start);
  const auto to = parse_rfc3339(end);
  return from && to ? format_duration(*to - *from) : std::string{};
}

}  // namespace rota
