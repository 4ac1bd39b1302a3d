#include "supervisor/http/json_values.h"

#include "common/protocol/utf8.h"
#include "common/time/rfc3339.h"

namespace rota {

namespace json = boost::json;

json::value json_instant(const std::optional<Instant>& value) {
  return value ? json::value(format_rfc3339(*value)) : json::value(nullptr);
}

json::value json_text(const std::string& value) {
  return value.empty() ? json::value(nullptr) : json::value(to_valid_utf8(value));
}

json::array json_texts(const std::vector<std::string>& values) {
  json::array texts;
  for (const std::string& value : values) texts.emplace_back(to_valid_utf8(value));
  return texts;
}

json::value json_seconds(const std::optional<std::chrono::milliseconds>& value) {
  if (!value) return nullptr;
  if (value->count() % 1000 == 0) return value->count() / 1000;
  return static_cast<double>(value->count()) / 1000;
}

json::object json_pause(const Pause& pause) {
  return {{"scope", to_string(pause.scope)},
          {"name", json_text(pause.name)},
          {"paused_by", json_text(pause.paused_by)},
          {"paused_at", json_instant(pause.paused_at)}};
}

std::string serialized(const json::value& value) { return json::serialize(value) + "\n"; }

}  // namespace rota
