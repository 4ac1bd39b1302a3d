#include "supervisor/cli/log_printer.h"

#include <iostream>
#include <utility>

#include "supervisor/cli/printable.h"

namespace rota {

void LogPrinter::print(std::string_view text) {
  if (text.empty()) return;
  at_line_start_ = text.back() == '\n';
  if (!is_terminal_) {
    std::cout << text << std::flush;
    return;
  }
  const std::string whole = std::exchange(held_, {}).append(text);
  const std::size_t complete = complete_length(whole);
  held_ = whole.substr(complete);
  std::cout << printable_text(std::string_view{whole}.substr(0, complete)) << std::flush;
}

void LogPrinter::finish() { std::cout << printable_text(std::exchange(held_, {})) << std::flush; }

}  // namespace rota
