// "Did you mean …?": for messages about a name that does not exist. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rota {

// Of `known` the word with the smallest edit distance (Levenshtein) to `word`, the
// first of several; nullopt if none is near enough to be meant.
std::optional<std::string> nearest_word(std::string_view word, const std::vector<std::string>& known);

// "; did you mean NAME?" or nothing.
std::string suggestion(std::string_view word, const std::vector<std::string>& known);

}  // namespace rota
