// CPU-bound jobs that are due within the same minute and wait for each other. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "supervisor/forecast/simulation.h"

namespace rota {

// The same jobs, as often as they meet.
struct Collision {
  std::vector<std::uint32_t> jobs;  // indices in ForecastInput::jobs, ascending
  std::string group;                // whose limit they meet; empty: the places for CPU-bound runs
  std::size_t times = 0;            // in so many minutes
  std::size_t most_waiting = 0;     // of them in one minute
  std::chrono::milliseconds longest_wait{0};
  std::chrono::milliseconds total_wait{0};
  Instant first_at{};  // the first minute
  Instant worst_at{};  // the minute of the longest wait
};

// All of them, those that cost most waiting first. Runs that wait for something that was due
// earlier are in none, and neither are those that the end of another job makes due.
std::vector<Collision> find_collisions(const ForecastInput& input, const Simulation& simulation);

// The most CPU-bound runs that wait at once, and in which quarter of an hour first; zero: none waits.
struct LongestQueue {
  int waiting = 0;
  Instant slot{};
};
LongestQueue longest_queue(const Simulation& simulation);

}  // namespace rota
