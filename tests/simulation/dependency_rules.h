// A job that runs after others has its run once all of them have ended as it wants since its own last one:
// checked by the order in which ends and beginnings are committed, which no clock changes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "supervisor/job/job_table.h"
#include "supervisor/run/run.h"

namespace rota::simulation {

class DependencyRules {
 public:
  // Ends before the first sight of a job do not count.
  void take(const JobTable& jobs, Instant now);

  // On disk.
  void seen(const std::vector<std::string>& job_names);
  void inserted(const Run& row);
  void ended(const Run& row, bool retried);

  // Nothing more is on its way. `is_active` tells of a job whether it has a run that is queued or running.
  void check_settled(const std::function<bool(const std::string&)>& is_active) const;

 private:
  struct Ends {
    std::uint64_t success = 0;
    std::uint64_t failure = 0;
  };
  struct Follower {
    DependencyPolicy policy;
    std::uint64_t begun = 0;  // or first seen; 0 while neither is on disk
    Instant policy_since{};
  };

  bool is_due(const Follower& follower) const;

  std::uint64_t moment_ = 0;
  std::map<std::string, Ends> ends_;
  std::map<std::string, Follower> followers_;
};

}  // namespace rota::simulation
