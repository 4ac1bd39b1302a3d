#include "common/configuration/read_job.h"

#include <utility>

#include "common/configuration/read_command.h"
#include "common/configuration/read_policies.h"
#include "common/configuration/read_supervisor.h"
#include "common/text/job_name.h"

namespace rota {
namespace {

void read_schedule(TableReader& reader, JobSettings& job) {
  const auto text = reader.text("schedule");
  if (!text) return;
  try {
    job.schedule = parse_schedule(*text);
  } catch (const ScheduleError& error) {
    reader.fault("schedule", error.what());
  }
}

JobSettings read_job(TableReader reader, const JobSurroundings& surroundings) {
  JobSettings job;
  job.place = reader.place();
  job.enabled = reader.boolean("enabled").value_or(true);
  job.command = read_command(reader);
  (job.command ? job.command->limits : job.limits) = read_limits(reader.table("limits"));
  read_schedule(reader, job);
  job.timeout = reader.duration("timeout");
  job.grace = reader.duration("grace", Least::nothing);
  if (auto parameters = reader.values("parameters")) job.parameters = *std::move(parameters);
  read_policies(reader, surroundings.groups, job);
  TableReader history = reader.table("history");
  if (history.get()) job.retention = read_retention(history, surroundings.retention);
  reader.finish();
  return job;
}

}  // namespace

void read_jobs(TableReader reader, const JobSurroundings& surroundings, Problems& problems,
               std::map<std::string, JobSettings, std::less<>>& jobs) {
  if (!reader.get()) return;
  for (const auto& [key, value] : *reader.get()) {
    const std::string name{key.str()};
    if (!is_job_name(name))
      problems.add(key.source(), "job \"" + name + "\": expected another name; " + std::string{kNameRule});
    JobSettings job = read_job(reader.table(key.str()), surroundings);
    const auto [first, is_new] = jobs.emplace(name, std::move(job));
    if (!is_new)
      problems.add(key.source(), "jobs." + name + ": expected each job in one place only, and it stands at " +
                                     first->second.place + " already");
  }
}

}  // namespace rota
