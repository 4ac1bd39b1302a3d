// How far a run is, as one line for a terminal. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rota {

// "[#####.....] 50 % (5 of 10) message" with a bar of `width` characters, or without a total "5 message".
std::string progress_text(std::int64_t done, std::optional<std::int64_t> total, std::string_view message,
                          std::size_t width);

}  // namespace rota
