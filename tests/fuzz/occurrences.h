// The promises of a schedule, for the fuzzers that make one.
#pragma once

#include <rota/schedule.h>

#include <string_view>

namespace rota {

// Its text reads as the same schedule, and is the text of that one too.
void require_same_after_writing(const Schedule& schedule, std::string_view input);

// From several instants on, the ends of time among them, each occurrence is after the one before,
// and past the year 9999 there is none.
void require_ascending(const Schedule& schedule, std::string_view input);

}  // namespace rota
