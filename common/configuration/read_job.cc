#include "common/configuration/read_job.h"

namespace rota {

JobOverride read_job(TableReader reader) {
  JobOverride job;
  job.enabled = reader.boolean("enabled").value_or(true);
  if (const auto text = reader.text("schedule")) {
    try {
      job.schedule = parse_schedule(*text);
    } catch (const ScheduleError& error) {
      reader.fault("schedule", error.what());
    }
  }
  job.timeout = reader.duration("timeout");
  job.grace = reader.duration("grace");
  job.allow_overlap = reader.boolean("allow_overlap");
  if (auto parameters = reader.values("parameters")) job.parameters = *std::move(parameters);
  reader.finish();
  return job;
}

}  // namespace rota
