#include "supervisor/daemon/job_table.h"

#include <utility>

namespace rota {
namespace {

ActiveJob apply(const RegisteredJob& registered, const JobOverride& change) {
  ActiveJob active{registered.job, registered.module};
  Job& job = active.job;
  if (change.schedule) job.schedule = change.schedule;
  if (change.timeout) job.timeout = *change.timeout;
  if (change.grace) job.grace = *change.grace;
  job.allow_overlap = change.allow_overlap.value_or(job.allow_overlap);
  for (const auto& [name, value] : change.parameters) job.parameters[name] = value;
  return active;
}

}  // namespace

JobTable make_job_table(const std::vector<RegisteredJob>& registered, const Configuration& configuration,
                        std::vector<std::string>& errors) {
  JobTable table;
  auto unused = configuration.jobs;
  for (const RegisteredJob& entry : registered) {
    const auto change = configuration.jobs.find(entry.job.name);
    unused.erase(entry.job.name);
    if (change != configuration.jobs.end() && !change->second.enabled) continue;
    ActiveJob active = apply(entry, change == configuration.jobs.end() ? JobOverride{} : change->second);
    if (active.job.schedule)
      active.job.schedule =
          active.job.schedule->with_default_zone(configuration.zone).with_seed(active.job.name);
    table.emplace(entry.job.name, std::move(active));
  }
  for (const auto& [name, change] : unused)
    errors.push_back("[jobs." + name +
                     "]: no module registers a job of this name; correct the name or remove the table");
  return table;
}

}  // namespace rota
