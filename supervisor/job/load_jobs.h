// The table of jobs for a configuration, with its modules loaded: the one effect of this folder.
#pragma once

#include <string>
#include <vector>

#include "common/configuration/configuration.h"
#include "supervisor/job/job_table.h"

namespace rota {

struct LoadedJobs {
  JobTable table;
  std::vector<std::string> module_faults;  // they cost the jobs of a module
  std::vector<std::string> errors;         // with these the table is not to be used
};

// A module stays loaded for the life of the process. One thread at a time.
LoadedJobs load_jobs(const Configuration& configuration);

}  // namespace rota
