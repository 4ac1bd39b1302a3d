// The supervisor's instants as people read them, and people's instants as the supervisor
// reads them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/time/instant.h"

namespace rota {

// The zone in which times are shown: UTC if asked for, else TZ, tzset(3), where it names a zone, else the
// system's.
std::string zone_to_show(bool utc);

// "2026-03-01 02:20:00" of an instant in RFC 3339 as a clock in `zone` shows it; what is no instant
// stays as it is. Pure and throws as rfc3339_in (common/schedule/zoned_text.h).
std::string time_text(std::string_view instant, const std::string& zone);

// A duration such as 2h that means so long before `now`; an instant as in RFC 3339; or what a clock in `zone`
// shows, as time_text gives it, or without the seconds or the time: by RFC 5545, section 3.3.5, where it
// shows that twice or never. Pure and throws as time_text.
std::optional<Instant> parse_since(std::string_view text, Instant now, const std::string& zone);

// From `start` to `end`, both RFC 3339, such as "1 min 20 s"; empty if one is no instant. Pure.
std::string duration_text(std::string_view start, std::string_view end);

}  // namespace rota
