// Does not come to the end of its registration while the file is there that ROTA_TEST_HOLD names, and writes
// into it when it begins to wait.
#include <rota/job.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace {

rota::ScraperResult succeeds(rota::JobContext&) { return {}; }

}  // namespace

ROTA_REGISTER_JOBS(scheduler) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here sets the environment
  const char* hold = std::getenv("ROTA_TEST_HOLD");
  if (hold && std::filesystem::exists(hold)) std::ofstream{hold} << "held";
  while (hold && std::filesystem::exists(hold)) std::this_thread::sleep_for(std::chrono::milliseconds{10});
  scheduler.register_job({.name = "t_slowly_registered", .function = succeeds});
}
