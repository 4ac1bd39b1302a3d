#include "common/schedule/cursor.h"

#include <algorithm>

namespace rota {
namespace {

bool is_space(char letter) { return letter == ' ' || letter == '\t'; }

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

std::string_view Cursor::peek() const {
  std::size_t end = position_;
  while (end < text_.size() && !is_space(text_[end])) ++end;
  return text_.substr(position_, end - position_);
}

std::string_view Cursor::take() {
  const auto word = peek();
  position_ += word.size();
  skip_space();
  return word;
}

bool Cursor::take_if(std::string_view word) {
  if (!equal_ignoring_case(peek(), word)) return false;
  take();
  return true;
}

void Cursor::fail_at(std::size_t position, std::string_view found, std::string_view expected) const {
  const std::string what = found.empty() ? "the end" : "\"" + std::string{found} + "\"";
  throw ScheduleError{"schedule \"" + std::string{text_} + "\", position " + std::to_string(position + 1) +
                          ": found " + what + ", expected " + std::string{expected},
                      position};
}

void Cursor::skip_space() {
  while (position_ < text_.size() && is_space(text_[position_])) ++position_;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char one, char other) { return lower(one) == lower(other); });
}

std::int32_t number_of(std::string_view digits) {
  if (digits.empty() || digits.size() > 9) return -1;
  std::int32_t number = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return -1;
    number = number * 10 + (digit - '0');
  }
  return number;
}

}  // namespace rota
