// A text with tables in it, made to fit a terminal. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rota {

// `text` with each line that is wider than `width` broken, so that nothing of it is lost: between two columns
// of a table where there is such a place in the second half of the line, else between two words, else
// anywhere. What follows is indented. Without a width the text as it is.
std::string wrapped(std::string_view text, std::optional<std::size_t> width);

}  // namespace rota
