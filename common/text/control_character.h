// The characters that are neither shown nor part of a line of text.
#pragma once

namespace rota {

// C0 and DEL of ASCII. A byte of a longer UTF-8 character is none.
constexpr bool is_control(char byte) { return (byte >= 0 && byte < ' ') || byte == '\x7f'; }

}  // namespace rota
