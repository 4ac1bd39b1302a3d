// A job that runs after others has its run once all of them have ended as it wants since its own last one:
// checked by the order in which ends and beginnings are committed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "supervisor/job/job_table.h"
#include "supervisor/run/run.h"

namespace rota::simulation {

class DependencyRules {
 public:
  // Ends before the first sight of a job do not count, nor those that its first start finds.
  void take(const JobTable& jobs, Instant now);

  // What had ended and begun before is known by instants after a restart, and those mean little now.
  void clock_set_back() { reliable_ = false; }

  void inserted(const Run& row);
  void ended(const Run& row, bool retried);

  // Nothing more is on its way. `is_active` tells of a job whether it has a run that is queued or running.
  void check_settled(const std::function<bool(const std::string&)>& is_active) const;

 private:
  struct End {
    std::uint64_t moment = 0;
    Instant at{};
  };
  struct Ends {
    End success;
    End failure;
  };
  struct Follower {
    DependencyPolicy policy;
    std::uint64_t begun = 0;
    Instant seen_at{};
    Instant policy_since{};
  };

  bool is_due(const Follower& follower) const;

  bool reliable_ = true;
  std::uint64_t moment_ = 0;
  std::map<std::string, Ends> ends_;
  std::map<std::string, Follower> followers_;
};

}  // namespace rota::simulation
