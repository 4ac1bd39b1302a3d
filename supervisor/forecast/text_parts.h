// What the sections of the forecast's text are made of: signs, columns, lists. Pure.
#pragma once

#include <rota/schedule.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rota::forecast_text {

// The signs beyond ASCII that the text uses, or what stands for them.
struct Signs {
  std::string_view to;                     // between two times
  std::string_view arrow;                  // from one value to another
  std::string_view more;                   // something was left out
  std::array<std::string_view, 5> shades;  // from nothing to full
};
const Signs& signs(bool ascii);

using TextRows = std::vector<std::vector<std::string>>;

// The rows with their cells in columns, each line indented by two and without space at its end.
std::string columns(const TextRows& rows);

// "a, b, c and 12 more"
std::string name_list(const std::vector<std::string>& names, std::size_t most = 6);

// The canonical text without the zone that a schedule has where none is named.
std::string schedule_text(const Schedule& schedule, const std::string& default_zone);

// "1 run", "2 runs"
std::string counted(std::size_t count, std::string_view noun);

}  // namespace rota::forecast_text
