// simulation: runs seeds, and says of one that breaks a promise which, and how it is seen again step by step.
#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <exception>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/simulation.h"

namespace {

using rota::simulation::Simulation;
using rota::simulation::Trace;

constexpr const char* kUsage =
    "usage: simulation --seed N            one seed, step by step\n"
    "       simulation --seeds FROM COUNT  so many from that one on\n"
    "       simulation --fresh COUNT       so many that nobody has tried\n"
    "       simulation --again FROM COUNT  each twice, which must be the same\n";

struct Result {
  bool held = false;
  std::size_t steps = 0;
  std::uint64_t trace = 0;
};

Result run(std::uint64_t seed, bool printed, const char* program) {
  Trace trace{printed};
  Simulation simulation{seed, trace};
  try {
    simulation.run();
    return {true, simulation.steps(), trace.hash()};
  } catch (const std::exception& error) {
    std::printf("seed %" PRIu64 ", step %zu: %s\n  step by step: %s --seed %" PRIu64 "\n", seed,
                simulation.steps(), error.what(), program, seed);
    return {false, simulation.steps(), trace.hash()};
  }
}

int run_all(const std::vector<std::uint64_t>& seeds, bool twice, const char* program) {
  std::size_t broken = 0;
  std::size_t steps = 0;
  for (const std::uint64_t seed : seeds) {
    const Result result = run(seed, false, program);
    steps += result.steps;
    if (!result.held) ++broken;
    if (!twice || run(seed, false, program).trace == result.trace) continue;
    std::printf("seed %" PRIu64 ": two runs of it differ\n", seed);
    ++broken;
  }
  std::printf("%zu seeds, %zu steps, %zu broken\n", seeds.size(), steps, broken);
  return broken == 0 ? 0 : 1;
}

std::vector<std::uint64_t> from(std::uint64_t first, std::uint64_t count) {
  std::vector<std::uint64_t> seeds(count);
  for (std::uint64_t& seed : seeds) seed = first++;
  return seeds;
}

std::vector<std::uint64_t> fresh(std::uint64_t count) {
  std::random_device device;
  std::vector<std::uint64_t> seeds(count);
  for (std::uint64_t& seed : seeds) seed = device();
  return seeds;
}

std::optional<std::vector<std::uint64_t>> numbers(const std::vector<std::string_view>& words) {
  std::vector<std::uint64_t> values;
  for (const std::string_view word : words) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    values.push_back(value);
  }
  return values;
}

}  // namespace

int main(int count, char** words) {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  spdlog::set_level(spdlog::level::off);
  // There is one thread, and a seed is mostly SQLite's work.
  sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  const std::string_view wanted = count > 1 ? words[1] : "";
  const auto values = count > 2 ? numbers({words + 2, words + count}) : std::nullopt;
  if (values && wanted == "--seed" && values->size() == 1) {
    const Result result = run(values->front(), true, words[0]);
    std::printf("%zu steps, trace %016" PRIx64 "\n", result.steps, result.trace);
    return result.held ? 0 : 1;
  }
  if (values && wanted == "--fresh" && values->size() == 1)
    return run_all(fresh(values->front()), false, words[0]);
  if (values && (wanted == "--seeds" || wanted == "--again") && values->size() == 2)
    return run_all(from(values->front(), values->back()), wanted == "--again", words[0]);
  std::fputs(kUsage, stderr);
  return 2;
}
