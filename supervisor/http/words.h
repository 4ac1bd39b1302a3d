// Small operations on the words of HTTP, which are ASCII. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rota {

// A to Z as a to z; every other byte as it is.
std::string lower_case(std::string_view text);

// At least one part; "a//b" has an empty one in the middle.
std::vector<std::string_view> split(std::string_view text, char separator);

// RFC 3986, section 2.1: each %XX as its byte. Nullopt for a % without two hexadecimal
// digits after it, and if the result is not UTF-8 or holds a control character.
std::optional<std::string> percent_decoded(std::string_view text);

// A whole number from 1 on, digits only.
std::optional<std::int64_t> positive_number(std::string_view text);

// A whole number from 0 on, digits only.
std::optional<std::uint64_t> whole_number(std::string_view text);

}  // namespace rota
