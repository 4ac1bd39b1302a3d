#include <rota/job.h>

namespace {
rota::ScraperResult nothing(rota::JobContext&) { return {}; }
}  // namespace

ROTA_REGISTER_JOBS(scheduler) {
  scheduler.register_job({.name = "taken_name", .function = nothing});
  scheduler.register_job({.name = "taken_name", .function = nothing});
  scheduler.register_job({.name = "bad name", .function = nothing});
  scheduler.register_job({.name = "no_function"});
}
