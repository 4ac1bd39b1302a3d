// Patience with a database that cannot be used just now.
#pragma once

#include <algorithm>
#include <chrono>

namespace rota {

// The waits between tries: a twentieth of a second that doubles up to five seconds.
class Patience {
 public:
  std::chrono::milliseconds next_wait() {
    const auto wait = wait_;
    wait_ = std::min(wait_ * 2, kLongest);
    return wait;
  }

 private:
  static constexpr std::chrono::milliseconds kFirst{50};
  static constexpr std::chrono::milliseconds kLongest{5000};
  std::chrono::milliseconds wait_ = kFirst;
};

}  // namespace rota
