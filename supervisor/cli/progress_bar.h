// The progress of a run as one line on standard error, drawn anew in its place; nothing where
// that is no terminal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rota {

class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  bool is_shown() const { return is_terminal_; }
  void draw(const std::string& text);
  // Makes the line free for other output.
  void clear();

 private:
  bool is_terminal_;
  bool is_drawn_ = false;
};

}  // namespace rota
