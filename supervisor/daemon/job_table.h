// The jobs as they are in force: what the modules registered, with what the
// configuration changes of it. Values, made once at the start.
#pragma once

#include <rota/job.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "common/configuration/configuration.h"
#include "common/module/module_loader.h"

namespace rota {

struct ActiveJob {
  Job job;  // its schedule knows its zone and, for random intervals, its seed
  std::filesystem::path module;
};

using JobTable = std::map<std::string, ActiveJob, std::less<>>;

// Joins the two. A job that the configuration disables is left out. Appends to
// `errors` a sentence for each [jobs.NAME] table that no module registers.
JobTable make_job_table(const std::vector<RegisteredJob>& registered, const Configuration& configuration,
                        std::vector<std::string>& errors);

}  // namespace rota
