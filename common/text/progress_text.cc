#include "common/text/progress_text.h"

#include <algorithm>

namespace rota {

std::string progress_text(std::int64_t done, std::optional<std::int64_t> total, std::string_view message,
                          std::size_t width) {
  std::string text;
  if (total && *total > 0) {
    const double part = std::clamp(static_cast<double>(done) / static_cast<double>(*total), 0.0, 1.0);
    const auto filled = static_cast<std::size_t>(part * static_cast<double>(width));
    text = "[" + std::string(filled, '#') + std::string(width - filled, '.') + "] " +
           std::to_string(static_cast<int>(part * 100)) + " % (" + std::to_string(done) + " of " +
           std::to_string(*total) + ")";
  } else {
    text = std::to_string(done);
  }
  if (!message.empty()) text.append(" ").append(message);
  return text;
}

}  // namespace rota
