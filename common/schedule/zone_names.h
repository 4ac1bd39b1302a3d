// Which time zones does this system have? Answered from the tzdata directory, so
// that whoever only writes schedules need not load a time zone library.
#pragma once

#include <string>
#include <string_view>

namespace rota {

// True for an IANA name that the system's tzdata holds; see tzfile(5). The
// directory is $TZDIR or /usr/share/zoneinfo.
bool is_known_zone(std::string_view name);

// The name of the zone that this machine is set to: the target of
// /etc/localtime, else the text of /etc/timezone, else UTC.
std::string system_zone();

}  // namespace rota
