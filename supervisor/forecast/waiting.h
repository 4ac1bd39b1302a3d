// What a simulation means for each job: how often it runs, is skipped, runs into its timeout,
// and how long its runs wait for a place. Pure.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <vector>

#include "supervisor/forecast/simulation.h"

namespace rota {

struct JobOutlook {
  std::size_t runs = 0;       // that begin
  std::size_t timed_out = 0;  // predicted to be stopped at the timeout
  Instant first_timed_out_at{};
  std::size_t replaced = 0;  // stopped, or given up before they began, for a later run
  PredictedSkips skips;
  std::size_t waited = 0;
  std::chrono::milliseconds total_wait{0};
  std::chrono::milliseconds longest_wait{0};
  Instant longest_wait_due_at{};           // when the run that waits longest is due
  std::array<std::size_t, 3> waits_for{};  // how many of `waited`, by WaitCause
};

// One for each job of the input, in its order.
std::vector<JobOutlook> outlook_of(const ForecastInput& input, const Simulation& simulation);

// What the runs of a kind wait, taken together.
std::chrono::milliseconds total_waiting(const ForecastInput& input, const Simulation& simulation,
                                        RunKind kind);

}  // namespace rota
