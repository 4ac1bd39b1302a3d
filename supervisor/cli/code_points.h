// Texts as a terminal counts them. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace rota {

// How many code points UTF-8 has, each of which is taken to be one column.
std::size_t code_points(std::string_view text);

// The first `count` of them.
std::string_view first_code_points(std::string_view text, std::size_t count);

}  // namespace rota
