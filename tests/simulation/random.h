// All that is left to chance, drawn from one seed. The distributions of the standard library differ
// between implementations, so none is used: a seed means the same on every machine.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace rota::simulation {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_{seed} {}

  // Inclusive.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool in(std::int64_t times) { return between(1, times) == 1; }
  bool percent(int chance) { return between(1, 100) <= chance; }

  template <typename Value>
  const Value& one_of(const std::vector<Value>& values) {
    return values[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(values.size()) - 1))];
  }

  // Short ones are as likely as long ones: the logarithm is drawn evenly, in steps of two.
  std::chrono::milliseconds time(std::chrono::milliseconds shortest, std::chrono::milliseconds longest) {
    std::int64_t upper = longest.count();
    for (std::int64_t halvings = between(0, 12); halvings > 0 && upper / 2 > shortest.count(); --halvings)
      upper /= 2;
    return std::chrono::milliseconds{between(shortest.count(), upper)};
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace rota::simulation
