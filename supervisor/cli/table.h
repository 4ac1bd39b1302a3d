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

// What gives way where a table is too wide. An instant or a state that is cut says nothing, so that a
// column of those is rather left out.
struct GiveWay {
  std::vector<std::size_t> texts;      // columns that still say something when they are cut
  std::vector<std::size_t> leave_out;  // columns that may be left out, the first one first
};

// `widths` with two spaces between made to fit `terminal_width`. Columns are left out, which makes their
// width 0, until the others fit with the texts cut to 12; then the widest of the texts is cut, again and
// again. Where that is not enough, the widest column of all is cut.
Widths fitted_widths(Widths widths, const GiveWay& give_way, std::optional<std::size_t> terminal_width);

// One line with its line break and without spaces at its end. A text that is wider than its column
// ends with an ellipsis there, but for the last one where there is no terminal. A column of width 0 is not
// there.
std::string row_text(const Row& row, const Widths& widths, const Terminal& terminal);

// All of them; the first is the titles.
std::string table_text(const std::vector<Row>& rows, const GiveWay& give_way, const Terminal& terminal);

}  // namespace rota
