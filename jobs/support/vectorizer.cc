#include "jobs/support/vectorizer.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <numeric>

namespace rota::jobs {
namespace {

// FNV-1a, for it must give the same on every machine and in every version.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325U;
  for (const char letter : text) value = (value ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  return value;
}

// One bit decides the sign, so that collisions cancel out rather than add up.
void count(std::string_view feature, Embedding& embedding) {
  const std::uint64_t value = hash(feature);
  embedding.at(value % kDimensions) += (value >> 63) != 0 ? 1.0F : -1.0F;
}

// Letters of other alphabets are bytes from 128 on, and part of words.
bool is_word_byte(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return byte >= 128 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

Embedding embed(std::string_view text) {
  Embedding embedding{};
  std::string previous;
  std::string word;
  const auto end_word = [&] {
    if (word.empty()) return;
    count(word, embedding);
    if (!previous.empty()) count(previous + " " + word, embedding);
    previous.swap(word);
    word.clear();
  };
  for (const char letter : text)
    if (is_word_byte(letter))
      word += lower(letter);
    else
      end_word();
  end_word();
  const float length = std::sqrt(similarity(embedding, embedding));
  if (length > 0)
    for (float& value : embedding) value /= length;
  return embedding;
}

float similarity(const Embedding& left, const Embedding& right) {
  return std::inner_product(left.begin(), left.end(), right.begin(), 0.0F);
}

std::string to_bytes(const Embedding& embedding) {
  std::string bytes(sizeof embedding, '\0');
  std::memcpy(bytes.data(), embedding.data(), bytes.size());
  return bytes;
}

Embedding from_bytes(std::string_view bytes) {
  Embedding embedding{};
  if (bytes.size() == sizeof embedding) std::memcpy(embedding.data(), bytes.data(), bytes.size());
  return embedding;
}

}  // namespace rota::jobs
