// As many jobs as ROTA_BENCH_JOBS says: no_op_N that do nothing, and touch that leaves the instant at which
// it ran. Processes, unless ROTA_BENCH_THREADS is set; due as ROTA_BENCH_SCHEDULE says, if it is set. A
// worker registers its own job alone, so that a run costs the same among a thousand jobs as among one.
#include <fcntl.h>
#include <rota/job.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>

namespace {

rota::ScraperResult no_op(rota::JobContext&) { return {}; }

rota::ScraperResult touch(rota::JobContext& context) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::string line =
      std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()) + "\n";
  const int file = open(context.parameter("path").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0 || write(file, line.data(), line.size()) < 0) throw std::runtime_error{"cannot write to path"};
  close(file);
  return {};
}

std::string variable(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here sets the environment
  const char* value = std::getenv(name);
  return value ? value : "";
}

void add(rota::JobRegistry& scheduler, std::string name) {
  const rota::JobFunction function = name == "touch" ? touch : no_op;
  std::optional<rota::Schedule> schedule;
  if (const std::string text = variable("ROTA_BENCH_SCHEDULE"); !text.empty())
    schedule = rota::parse_schedule(text);
  scheduler.register_job({.name = std::move(name),
                          .function = function,
                          .schedule = schedule,
                          .run_in_process = variable("ROTA_BENCH_THREADS").empty()});
}

}  // namespace

ROTA_REGISTER_JOBS(scheduler) {
  if (std::string own = variable("ROTA_JOB"); !own.empty()) return add(scheduler, std::move(own));
  add(scheduler, "touch");
  const std::string jobs = variable("ROTA_BENCH_JOBS");
  const int count = jobs.empty() ? 0 : std::stoi(jobs);
  for (int i = 0; i < count; ++i) add(scheduler, "no_op_" + std::to_string(i));
}
