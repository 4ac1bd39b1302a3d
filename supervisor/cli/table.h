// Rows in columns, as wide as their texts or as the terminal allows. Widths are counted in
// code points. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/cli/colour.h"
#include "supervisor/cli/terminal.h"

namespace rota {

struct Cell {
  std::string text;  // any: what a terminal must not get is replaced
  Colour colour = Colour::none;
};
using Row = std::vector<Cell>;
using Widths = std::vector<std::size_t>;

// The widest text of each column, and no less than `least` says.
Widths natural_widths(const std::vector<Row>& rows, Widths least = {});

// `widths` with two spaces between made to fit `terminal_width`: the last column gives way first,
// down to 12, then whichever is the widest.
Widths fitted_widths(Widths widths, std::optional<std::size_t> terminal_width);

// One line with its line break and without spaces at its end. A text that is wider than its column
// ends with an ellipsis there, but for the last one where there is no terminal.
std::string row_text(const Row& row, const Widths& widths, const Terminal& terminal);

// All of them; the first is the titles.
std::string table_text(const std::vector<Row>& rows, const Terminal& terminal);

}  // namespace rota
