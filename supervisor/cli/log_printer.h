// A log on standard output: on a terminal without control characters, elsewhere byte by byte
// as it is.
#pragma once

#include <string>
#include <string_view>

namespace rota {

class LogPrinter {
 public:
  explicit LogPrinter(bool is_terminal) : is_terminal_{is_terminal} {}

  void print(std::string_view text);
  // Prints what may have been half a character.
  void finish();
  // Whether the next text begins a line.
  bool at_line_start() const { return at_line_start_; }

 private:
  bool is_terminal_;
  bool at_line_start_ = true;
  std::string held_;  // the beginning of a character
};

}  // namespace rota
