#include "supervisor/cli/table.h"

#include <algorithm>
#include <numeric>

#include "supervisor/cli/code_points.h"
#include "supervisor/cli/printable.h"

namespace rota {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastOfText = 12;
constexpr std::size_t kLeast = 4;
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

std::string cut(const std::string& text, std::size_t width) {
  if (code_points(text) <= width) return text;
  return std::string{first_code_points(text, width - 1)}.append(kEllipsis);
}

std::size_t total(const Widths& widths) {
  const auto shown = std::count_if(widths.begin(), widths.end(), [](std::size_t width) { return width > 0; });
  const std::size_t gaps = kGap * static_cast<std::size_t>(std::max<std::ptrdiff_t>(shown - 1, 0));
  return std::accumulate(widths.begin(), widths.end(), gaps);
}

// Makes the widest of `columns` narrower until all fit or none is wider than `least`.
void narrow_widest(Widths& widths, const std::vector<std::size_t>& columns, std::size_t least,
                   std::size_t terminal_width) {
  while (total(widths) > terminal_width && !columns.empty()) {
    const auto widest = *std::max_element(
        columns.begin(), columns.end(), [&](auto left, auto right) { return widths[left] < widths[right]; });
    if (widths[widest] <= least) return;
    --widths[widest];
  }
}

void leave_out(Widths& widths, const GiveWay& give_way, std::size_t terminal_width) {
  Widths narrowest = widths;
  for (const std::size_t column : give_way.texts)
    narrowest[column] = std::min(narrowest[column], kLeastOfText);
  for (const std::size_t column : give_way.leave_out) {
    if (total(narrowest) <= terminal_width) return;
    narrowest[column] = widths[column] = 0;
  }
}

}  // namespace

Widths natural_widths(const std::vector<Row>& rows, Widths least) {
  for (const Row& row : rows) {
    least.resize(std::max(least.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column)
      least[column] = std::max(least[column], code_points(printable_line(row[column].text)));
  }
  return least;
}

Widths fitted_widths(Widths widths, const GiveWay& give_way, std::optional<std::size_t> terminal_width) {
  if (!terminal_width || total(widths) <= *terminal_width) return widths;
  leave_out(widths, give_way, *terminal_width);
  narrow_widest(widths, give_way.texts, kLeastOfText, *terminal_width);
  std::vector<std::size_t> all(widths.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  narrow_widest(widths, all, kLeast, *terminal_width);
  return widths;
}

std::string row_text(const Row& row, const Widths& widths, const Terminal& terminal) {
  std::string line;
  std::size_t blanks = 0;
  for (std::size_t column = 0; column < row.size(); ++column) {
    if (widths.at(column) == 0) continue;
    const bool cuts = terminal.width.has_value() || column + 1 < widths.size();
    std::string text = printable_line(row[column].text);
    if (cuts) text = cut(text, widths.at(column));
    const std::size_t shown = code_points(text);
    if (!text.empty()) {
      line.append(blanks, ' ').append(terminal.colour ? coloured(text, row[column].colour) : text);
      blanks = 0;
    }
    blanks += widths.at(column) - std::min(shown, widths.at(column)) + kGap;
  }
  return line + "\n";
}

std::string table_text(const std::vector<Row>& rows, const GiveWay& give_way, const Terminal& terminal) {
  const Widths widths = fitted_widths(natural_widths(rows), give_way, terminal.width);
  std::string text;
  for (const Row& row : rows) text += row_text(row, widths, terminal);
  return text;
}

}  // namespace rota
