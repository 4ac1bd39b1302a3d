// Registers every animal as a job in a process. What runs is the program of that name.
#include <rota/job.h>

#include <sstream>
#include <stdexcept>
#include <string>

namespace {

rota::ScraperResult no_animal(rota::JobContext&) {
  throw std::logic_error{"supervisor.worker is not the keeper"};
}

}  // namespace

ROTA_REGISTER_JOBS(scheduler) {
  std::istringstream names{ROTA_ANIMALS};
  for (std::string name; names >> name;)
    scheduler.register_job({.name = name, .function = no_animal, .run_in_process = true});
}
