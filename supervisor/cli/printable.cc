#include "supervisor/cli/printable.h"

#include <algorithm>
#include <cstdint>

#include "common/protocol/utf8.h"

namespace rota {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

std::size_t length_by(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
}

bool is_unsafe(std::string_view character) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(character[index]); };
  if (character.size() == 1) return (byte(0) < 0x20 && byte(0) != '\n' && byte(0) != '\t') || byte(0) == 0x7f;
  if (character.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;
  if (character.size() != 3 || byte(0) != 0xE2) return false;
  // U+2028 to U+202E and U+2066 to U+2069: Unicode Standard Annex 9, section 2, and line separators.
  return (byte(1) == 0x80 && byte(2) >= 0xA8 && byte(2) <= 0xAE) ||
         (byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9);
}

}  // namespace

std::string printable_text(std::string_view text) {
  const std::string valid = to_valid_utf8(text);
  std::string safe;
  safe.reserve(valid.size());
  for (std::size_t at = 0; at < valid.size();) {
    const std::string_view character = std::string_view{valid}.substr(at, length_by(valid[at]));
    safe += is_unsafe(character) ? kReplacement : character;
    at += character.size();
  }
  return safe;
}

std::string printable_line(std::string_view text) {
  std::string line = printable_text(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return line;
}

std::size_t complete_length(std::string_view text) {
  std::size_t first = text.size();
  while (first > 0 && text.size() - first < 4 && is_continuation(text[first - 1])) --first;
  if (first == 0) return text.size();
  --first;
  return length_by(text[first]) > text.size() - first ? first : text.size();
}

}  // namespace rota
