// What happened, a line a step: its hash tells whether two runs were the same, its text is for people.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "common/time/instant.h"
#include "common/time/rfc3339.h"

namespace rota::simulation {

class Trace {
 public:
  explicit Trace(bool printed) : printed_{printed} {}

  void add(Instant now, std::string_view line) {
    ++lines_;
    for (const char letter : line) mix(static_cast<unsigned char>(letter));
    mix(static_cast<std::uint64_t>(now.time_since_epoch().count()));
    if (printed_)
      std::printf("%6llu %s %.*s\n", static_cast<unsigned long long>(lines_), format_rfc3339(now).c_str(),
                  static_cast<int>(line.size()), line.data());
  }

  std::uint64_t hash() const { return hash_; }
  std::uint64_t lines() const { return lines_; }

 private:
  void mix(std::uint64_t value) { hash_ = (hash_ ^ value) * 0x100000001b3U; }

  bool printed_;
  std::uint64_t hash_ = 0xcbf29ce484222325U;  // FNV-1a
  std::uint64_t lines_ = 0;
};

}  // namespace rota::simulation
