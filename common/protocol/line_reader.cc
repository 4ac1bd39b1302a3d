#include "common/protocol/line_reader.h"

#include <utility>

namespace rota {

void LineReader::feed(std::string_view bytes) {
  while (!bytes.empty() && !overlong_) {
    const auto newline = bytes.find('\n');
    const auto piece = bytes.substr(0, newline);
    if (partial_.size() + piece.size() + 1 > maximum_bytes_) {
      overlong_ = true;
      partial_ = {};
      return;
    }
    partial_ += piece;
    if (newline == std::string_view::npos) return;
    lines_.push_back(std::exchange(partial_, {}));
    bytes.remove_prefix(newline + 1);
  }
}

std::optional<std::string> LineReader::next() {
  if (lines_.empty()) return std::nullopt;
  std::string line = std::move(lines_.front());
  lines_.pop_front();
  return line;
}

}  // namespace rota
