#include <rota/job.h>

#include <stdexcept>

ROTA_REGISTER_JOBS(scheduler) {
  scheduler.register_job({.name = "registered_before_the_fault",
                          .function = [](rota::JobContext&) { return rota::ScraperResult{}; }});
  throw std::runtime_error{"no tables in this database"};
}
