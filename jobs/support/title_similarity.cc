#include "jobs/support/title_similarity.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace rota::jobs {
namespace {

std::string sorted_words(std::string_view text) {
  std::string plain;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool is_upper = byte >= 'A' && byte <= 'Z';
    const bool in_word =
        byte >= 128 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || is_upper;
    plain += !in_word ? ' ' : is_upper ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  std::istringstream reader{plain};
  std::vector<std::string> words;
  for (std::string word; reader >> word;) words.push_back(word);
  std::sort(words.begin(), words.end());
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

std::size_t longest_common_subsequence(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  for (const char letter : left) {
    std::size_t diagonal = 0;
    for (std::size_t i = 0; i < right.size(); ++i) {
      const std::size_t above = row[i + 1];
      row[i + 1] = letter == right[i] ? diagonal + 1 : std::max(above, row[i]);
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

double token_sorted_similarity(std::string_view left, std::string_view right) {
  const std::string first = sorted_words(left);
  const std::string second = sorted_words(right);
  const std::size_t total = first.size() + second.size();
  if (total == 0) return 100;
  return 200.0 * static_cast<double>(longest_common_subsequence(first, second)) / static_cast<double>(total);
}

}  // namespace rota::jobs
