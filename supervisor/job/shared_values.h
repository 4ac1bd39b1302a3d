// Makes the equal values of a table's jobs one object, as most of a million jobs are alike. Pure.
#pragma once

#include <rota/schedule.h>

#include <cstddef>
#include <memory>
#include <unordered_set>
#include <vector>

#include "supervisor/job/job_table.h"

namespace rota {

class SharedValues {
 public:
  // The equal one that was given before, or this.
  Schedule schedule(const Schedule& schedule) { return *schedules_.insert(schedule).first; }

  // The same, among the last few that differ: there is no order in which to look for it among all.
  std::shared_ptr<const JobTerms> terms(JobTerms terms);

 private:
  struct Hash {
    std::size_t operator()(const Schedule& schedule) const;
  };

  std::unordered_set<Schedule, Hash> schedules_;
  std::vector<std::shared_ptr<const JobTerms>> latest_;
  std::size_t oldest_ = 0;
};

}  // namespace rota
