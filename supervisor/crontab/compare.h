// Are the written jobs due when cron would run the entries? Reads the text of the job file
// back and sets its next occurrences beside cron's. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "supervisor/crontab/to_jobs.h"

namespace rota {

struct ComparedJob {
  std::string name;
  int line = 0;                                     // of the crontab
  std::string schedule;                             // as it stands in the job file
  std::string zone;                                 // in which both are read
  std::vector<std::chrono::sys_seconds> cron = {};  // by cron's own meaning, from the entry's fields
  std::vector<std::chrono::sys_seconds> rota = {};  // by the schedule that the job file holds

  bool is_same() const { return cron == rota; }
};

// The first `count` occurrences after `from` of each of the jobs. `zone` is that of entries without
// CRON_TZ. A `spread` is left out of account. Throws std::runtime_error if `job_file` is not TOML
// with a schedule for each job.
std::vector<ComparedJob> compare(const std::vector<ImportedJob>& jobs, std::string_view job_file,
                                 const std::string& zone, std::chrono::sys_seconds from, int count);

}  // namespace rota
