// What rotad costs while it has nothing to do.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace rota::benchmark {

struct IdleCost {
  std::int64_t resident_kib = 0;
  double wake_ups_a_minute = 0;  // voluntary context switches of all its threads
};

// Of a real rotad with 100 jobs that are due once a year, watched for `duration`.
IdleCost idle_cost(const std::filesystem::path& directory, std::chrono::seconds duration);

}  // namespace rota::benchmark
