// How alike two titles are, whatever the order of their words. Pure.
#pragma once

#include <string_view>

namespace rota::jobs {

// 0 to 100: the texts' words, in lower case and sorted, are compared by the number of
// letters that must be inserted or deleted to make one of the other, as part of both lengths.
double token_sorted_similarity(std::string_view left, std::string_view right);

}  // namespace rota::jobs
