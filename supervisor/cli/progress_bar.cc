#include "supervisor/cli/progress_bar.h"

#include <algorithm>
#include <iostream>

#include "supervisor/cli/table.h"

namespace rota {
ProgressBar::ProgressBar() : is_terminal_{standard_error_is_terminal()} {}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::draw(const std::string& text) {
  if (!is_terminal_) return;
  // A line as wide as the terminal would wrap, and then could not be cleared.
  const std::size_t width = standard_error_width() - 1;
  std::string line =
      row_text({{text}}, fitted_widths(natural_widths({{{text}}}), {}, width), {.width = width});
  line.pop_back();
  std::cerr << "\r\033[K" << line << std::flush;
  is_drawn_ = true;
}

void ProgressBar::clear() {
  if (is_drawn_) std::cerr << "\r\033[K" << std::flush;
  is_drawn_ = false;
}

}  // namespace rota
