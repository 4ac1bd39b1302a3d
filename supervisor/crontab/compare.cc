#include "supervisor/crontab/compare.h"

#include <rota/schedule.h>

#include <optional>
#include <stdexcept>

#include <toml++/toml.h>

#include "supervisor/crontab/cron_meaning.h"

namespace rota {
namespace {

using std::chrono::sys_seconds;

std::vector<sys_seconds> next_of(const Schedule& schedule, sys_seconds after, int count) {
  std::vector<sys_seconds> occurrences;
  while (static_cast<int>(occurrences.size()) < count) {
    const auto next = schedule.next_after(after);
    if (!next) break;
    occurrences.push_back(after = *next);
  }
  return occurrences;
}

ComparedJob compare_one(const ImportedJob& job, const std::string& written, const std::string& default_zone,
                        sys_seconds from, int count) {
  const Schedule schedule = parse_schedule(written).with_default_zone(default_zone);
  ComparedJob compared{
      .name = job.name, .line = job.entry.line, .schedule = written, .zone = schedule.zone()};
  compared.rota = next_of(schedule, from, count);
  const auto zone = job.entry.variables.find("CRON_TZ");
  std::string crons_zone = zone == job.entry.variables.end() ? "" : zone->second;
  if (crons_zone.starts_with(':')) crons_zone.erase(0, 1);
  if (const auto fields = read_cron_fields(schedule_text(job.entry)))
    compared.cron = cron_occurrences(*fields, crons_zone.empty() ? default_zone : crons_zone, from, count);
  return compared;
}

}  // namespace

std::vector<ComparedJob> compare(const std::vector<ImportedJob>& jobs, std::string_view job_file,
                                 const std::string& zone, sys_seconds from, int count) {
  const toml::table file = toml::parse(job_file);
  std::vector<ComparedJob> compared;
  for (const ImportedJob& job : jobs) {
    const auto written = file["jobs"][job.name]["schedule"].value<std::string>();
    if (!written) throw std::runtime_error{"job " + job.name + ": expected a schedule in the job file"};
    compared.push_back(compare_one(job, *written, zone, from, count));
  }
  return compared;
}

}  // namespace rota
