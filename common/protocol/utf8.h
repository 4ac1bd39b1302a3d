// UTF-8 at the edges: what a job prints or reports may be any bytes, what goes
// into JSON, a mail or an answer must be text.
#pragma once

#include <string>
#include <string_view>

namespace rota {

// The text with every byte that is not part of well-formed UTF-8 (RFC 3629)
// replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

// The longest prefix of valid UTF-8 text that has at most `bytes` bytes and
// does not end inside a character.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

}  // namespace rota
