// Small values as JSON, for what the answers hold. Instants are RFC 3339 in UTC with
// milliseconds; what is not UTF-8 is replaced; an empty text is null. Pure.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "common/time/instant.h"
#include "supervisor/store/run_store.h"

namespace rota {

boost::json::value json_instant(const std::optional<Instant>& value);
boost::json::value json_text(const std::string& value);
boost::json::array json_texts(const std::vector<std::string>& values);

// In seconds, with a fraction only where there is one.
boost::json::value json_seconds(const std::optional<std::chrono::milliseconds>& value);

template <typename Value>
boost::json::value json_optional(const std::optional<Value>& value) {
  return value ? boost::json::value(*value) : boost::json::value(nullptr);
}

// "job", "group" or "all".
// {"scope": …, "name": …, "paused_by": …, "paused_at": …}
boost::json::object json_pause(const Pause& pause);

// The text of an answer: the value and a newline.
std::string serialized(const boost::json::value& value);

}  // namespace rota
