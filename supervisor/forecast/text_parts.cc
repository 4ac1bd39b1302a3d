#include "supervisor/forecast/text_parts.h"

#include <algorithm>
#include <utility>

namespace rota::forecast_text {
namespace {

// In characters; the signs are of several bytes and one column each.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char letter) {
    return (static_cast<unsigned char>(letter) & 0xc0U) != 0x80U;
  }));
}

}  // namespace

const Signs& signs(bool ascii) {
  static constexpr Signs kAscii{"-", "->", "...", {".", "-", "+", "*", "#"}};
  static constexpr Signs kUnicode{"–", "→", "…", {"·", "░", "▒", "▓", "█"}};
  return ascii ? kAscii : kUnicode;
}

std::string columns(const TextRows& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    // The last cell of a row may be a sentence, which widens no column.
    for (std::size_t i = 0; i + 1 < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line = "  ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string name_list(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
  return text;
}

std::string schedule_text(const Schedule& schedule, const std::string& default_zone) {
  ScheduleRule rule = schedule.rule();
  if (rule.zone == default_zone) rule.zone.clear();
  return to_string(Schedule{std::move(rule)});
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string{noun} + (count == 1 ? "" : "s");
}

}  // namespace rota::forecast_text
