// A hundred jobs that are never due while anyone looks.
#include <rota/job.h>

#include <string>

ROTA_REGISTER_JOBS(scheduler) {
  for (int i = 0; i < 100; ++i)
    scheduler.register_job({.name = "idle_" + std::to_string(i),
                            .function = [](rota::JobContext&) { return rota::ScraperResult{}; },
                            .schedule = rota::cron("@yearly")});
}
