// A mail as values, and its text for the wire: RFC 5322, 2045 and 2047. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace rota {

struct Mail {
  std::string from;  // an address
  std::vector<std::string> to;
  std::string reply_to;  // empty: none
  std::string subject;
  std::string text;
  std::string html;
  std::string message_id;  // without angle brackets; the same for the same mail sent again
  std::chrono::sys_seconds date;
};

// The complete message, lines ending with CRLF: multipart/alternative with the plain
// text first. Line breaks and control characters in header values become spaces, so
// that no value can add a header.
std::string to_message(const Mail& mail);

// Text with &, <, > and quotes as HTML entities.
std::string escape_html(std::string_view text);

}  // namespace rota
