// What standard output is: how wide, and whether colours are wanted there.
#pragma once

#include <cstddef>
#include <optional>

namespace rota {

struct Terminal {
  std::optional<std::size_t> width;  // in columns; none: it is no terminal
  bool colour = false;
};

// Of standard output. Colours are off where it is no terminal, where NO_COLOR is set
// (no-color.org), and on a terminal that calls itself dumb.
Terminal standard_output();

bool standard_error_is_terminal();
// Its columns; 80 if it does not say.
std::size_t standard_error_width();

}  // namespace rota
