#include "supervisor/cli/wrapped.h"

#include <algorithm>

#include "supervisor/cli/code_points.h"

namespace rota {
namespace {

constexpr std::string_view kIndent = "      ";
constexpr std::string_view kColumnGap = "  ";
// Narrower than this no text can be read, broken or not.
constexpr std::size_t kLeastWidth = 20;

// How many bytes of `line`, which is too wide, stand before the break.
std::size_t break_in(std::string_view line, std::size_t width) {
  // The blank may stand in the first column that is not there.
  const std::string_view fits = first_code_points(line, width + 1);
  const std::size_t text = std::min(line.find_first_not_of(' '), line.size());
  const std::size_t gap = fits.rfind(kColumnGap);
  if (gap != std::string_view::npos && gap > std::max(text, fits.size() / 2)) return gap;
  const std::size_t blank = fits.rfind(' ');
  if (blank != std::string_view::npos && blank > text) return blank;
  return first_code_points(line, width).size();
}

std::string_view without_blanks_around(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

void add_line(std::string& wrapped, std::string_view line, std::size_t width) {
  std::string rest{line};
  while (code_points(rest) > width) {
    const std::string_view whole{rest};
    const std::size_t end = break_in(whole, width);
    wrapped.append(whole.substr(0, whole.find_last_not_of(' ', end - 1) + 1)).append("\n");
    rest = std::string{kIndent}.append(without_blanks_around(whole.substr(end)));
  }
  wrapped += rest;
}

}  // namespace

std::string wrapped(std::string_view text, std::optional<std::size_t> width) {
  if (!width) return std::string{text};
  std::string lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    add_line(lines, text.substr(0, end), std::max(*width, kLeastWidth));
    if (end < text.size()) lines += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace rota
