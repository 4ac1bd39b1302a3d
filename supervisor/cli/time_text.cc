#include "supervisor/cli/time_text.h"

#include <chrono>
#include <cstdlib>

#include "common/schedule/zone.h"
#include "common/schedule/zone_names.h"
#include "common/schedule/zoned_text.h"
#include "common/time/duration.h"
#include "common/time/rfc3339.h"

namespace rota {
namespace {

constexpr std::string_view kDate = "2026-03-01";

}  // namespace

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
  text[kDate.size()] = ' ';
  return text;
}

std::optional<Instant> parse_since(std::string_view text, Instant now, const std::string& zone) {
  if (const auto duration = parse_duration(text)) return now - *duration;
  if (const auto instant = parse_rfc3339(text)) return instant;
  std::string local{text};
  if (local.size() == kDate.size()) local += " 00:00";
  if (local.size() == kDate.size() + std::string_view{" 02:20"}.size()) local += ":00";
  if (local.size() <= kDate.size() || local[kDate.size()] != ' ') return std::nullopt;
  local[kDate.size()] = 'T';
  const auto shown = parse_rfc3339(local + "Z");
  if (!shown) return std::nullopt;
  const auto second = std::chrono::floor<std::chrono::seconds>(*shown).time_since_epoch();
  return Instant{std::chrono::seconds{Zone::of(zone).instant_of(second.count())}};
}

std::string duration_text(std::string_view start, std::string_view end) {
  const auto from = parse_rfc3339(start);
  const auto to = parse_rfc3339(end);
  return from && to ? format_duration(*to - *from) : std::string{};
}

}  // namespace rota
