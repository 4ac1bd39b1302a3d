// As many jobs on threads as ROTA_MANY_JOBS says, due as ROTA_MANY_SCHEDULE says; with ROTA_MANY_FAIL they
// fail.
#include <rota/job.h>

#include <cstdlib>
#include <string>
#include <utility>

namespace {

std::string setting(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here sets the environment
  const char* value = std::getenv(name);
  return value ? value : "";
}

rota::ScraperResult succeeds(rota::JobContext&) { return {}; }

rota::ScraperResult fails(rota::JobContext&) {
  rota::ScraperResult result;
  result.success = false;
  result.error = "on purpose";
  return result;
}

}  // namespace

ROTA_REGISTER_JOBS(scheduler) {
  const rota::Schedule schedule = rota::parse_schedule(setting("ROTA_MANY_SCHEDULE"));
  const rota::JobFunction function = setting("ROTA_MANY_FAIL").empty() ? succeeds : fails;
  const int count = std::atoi(setting("ROTA_MANY_JOBS").c_str());
  for (int i = 0; i < count; ++i)
    scheduler.register_job({.name = "many_" + std::to_string(i),
                            .function = function,
                            .schedule = schedule,
                            .policies = {.overlap = {rota::OverlapPolicy::Rule::queue, 10}}});
}
