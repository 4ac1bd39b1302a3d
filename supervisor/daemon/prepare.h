// What the daemon works by: the configuration with the jobs of its modules and files.
#pragma once

#include <string>
#include <vector>

#include "common/configuration/configuration.h"
#include "supervisor/daemon/command_line.h"
#include "supervisor/dispatch/dispatcher.h"
#include "supervisor/job/job_table.h"

namespace rota {

struct Prepared {
  Configuration configuration;
  JobTable jobs;
  // Faults of modules: they cost the jobs of a module, not the start.
  std::vector<std::string> warnings;
};

// Reads everything anew. Throws ConfigurationError, with a line for each fault, where the daemon
// must not work by it.
Prepared prepare(const DaemonOptions& options);

Dispatcher::Limits limits_of(const Configuration& configuration);

// Which settings differ that are in force only from the next start on; a line for each.
std::vector<std::string> fixed_settings_that_differ(const Configuration& now, const Configuration& then);

}  // namespace rota
