// How many CPU-bound runs are there at each minute, to find the minutes where there are few. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "supervisor/forecast/simulation.h"

namespace rota {

class Occupancy {
 public:
  // Counts the CPU-bound runs of all jobs but `without`, and on their own those of its group if that is
  // limited.
  Occupancy(const ForecastInput& input, const Simulation& simulation, std::uint32_t without);

  // What a schedule would meet. The less the better; compared in this order.
  struct Cost {
    std::int64_t above_limit = 0;  // run-minutes for which there is no place
    std::int64_t met = 0;          // run-minutes beside others
    std::size_t occurrences = 0;
  };
  // The cost of runs of the job at the occurrences of `schedule`, each later by `offset`.
  Cost cost(const Schedule& schedule, std::chrono::seconds offset) const;

 private:
  std::vector<int> count(const Simulation& simulation, const std::string& group) const;
  void add_run(Instant start, Cost& cost) const;

  const ForecastInput& input_;
  std::uint32_t job_;
  std::int64_t run_minutes_ = 1;
  int group_limit_ = 0;
  std::vector<int> places_;  // by minute since `from`
  std::vector<int> group_;   // empty: no limit
};

}  // namespace rota
