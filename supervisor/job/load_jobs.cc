#include "supervisor/job/load_jobs.h"

#include <utility>

#include "common/module/module_loader.h"

namespace rota {

LoadedJobs load_jobs(const Configuration& configuration) {
  LoadedModules modules = load_modules(configuration.module_directories);
  LoadedJobs loaded;
  loaded.module_faults = std::move(modules.errors);
  loaded.table = make_job_table(modules.jobs, configuration, loaded.errors);
  return loaded;
}

}  // namespace rota
