// Text that came from elsewhere (a job's error, its log) made safe to show: on a
// terminal a control character can do anything, up to typing for its user. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace rota {

// Valid UTF-8 in which each control character (C0, DEL, C1) and each that turns the direction
// of writing is U+FFFD. Line breaks and tabs stay.
std::string printable_text(std::string_view text);

// The same as one line: line breaks and tabs are spaces.
std::string printable_line(std::string_view text);

// How many bytes of `text` are left when a character that is cut at its end is taken off, so
// that text which comes in pieces is not torn there.
std::size_t complete_length(std::string_view text);

}  // namespace rota
