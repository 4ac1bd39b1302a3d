// Turns a text into a vector by hashing its words and pairs of neighbouring words into
// a fixed number of dimensions, so that no service and no vocabulary is needed. Pure.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace rota::jobs {

inline constexpr std::size_t kDimensions = 512;
using Embedding = std::array<float, kDimensions>;

// Of length 1 (L2), or all zero for a text without words. Case and punctuation do not count.
Embedding embed(std::string_view text);

// The cosine of the angle between two embeddings, as both have length 1.
float similarity(const Embedding& left, const Embedding& right);

// As bytes for the database, in the machine's order, and back; all zero if the size is another.
std::string to_bytes(const Embedding& embedding);
Embedding from_bytes(std::string_view bytes);

}  // namespace rota::jobs
