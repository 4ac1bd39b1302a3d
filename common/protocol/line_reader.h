// Cuts what arrives on a pipe into lines, in bounded memory. Pure.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace rota {

class LineReader {
 public:
  // `maximum_bytes` is that of one line with its newline.
  explicit LineReader(std::size_t maximum_bytes) : maximum_bytes_{maximum_bytes} {}

  // Takes the next bytes. Once a line has grown too long, all further bytes are
  // dropped.
  void feed(std::string_view bytes);

  // The next whole line without its newline, nullopt if there is none yet.
  std::optional<std::string> next();

  // A line was longer than the maximum: what follows cannot be trusted.
  bool overlong() const { return overlong_; }

  // There are bytes after the last newline.
  bool has_partial_line() const { return !partial_.empty(); }

  // Those bytes, which are then forgotten: a last line that nobody has ended.
  std::string take_partial_line() { return std::exchange(partial_, {}); }

 private:
  std::size_t maximum_bytes_;
  std::string partial_;
  std::deque<std::string> lines_;
  bool overlong_ = false;
};

}  // namespace rota
