// A job module to start from: counts the lines of a file, says how far it is, and
// how many lines came since its last run.
#include <rota/job.h>

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

namespace {

constexpr std::int64_t kLinesPerReport = 1000;

rota::ScraperResult failure(const std::string& reason) {
  rota::ScraperResult result;
  result.success = false;
  result.error = reason;
  return result;
}

rota::ScraperResult count_lines(rota::JobContext& context) {
  const std::string name = context.parameter("file");
  std::ifstream file{name};
  // An exception that escapes is a failure too, with its text and type.
  if (!file) return failure(name + ": cannot be read; name a file in the parameter file");

  rota::ScraperResult result;
  for (std::string line; std::getline(file, line);) {
    // At the timeout and when somebody cancels: what returns soon ends in good order.
    if (context.stop_requested()) return failure("stopped after " + std::to_string(result.lines_processed));
    if (++result.lines_processed % kLinesPerReport == 0)
      context.progress(result.lines_processed, std::nullopt, name);
  }
  context.info(name + " has " + std::to_string(result.lines_processed) + " lines");

  const std::string& last = context.last_entry();
  result.lines_added = result.lines_processed - (last.empty() ? 0 : std::stoll(last));
  result.last_entry = std::to_string(result.lines_processed);
  return result;
}

}  // namespace

ROTA_REGISTER_JOBS(scheduler) {
  scheduler.register_job({.name = "count_lines",
                          .function = count_lines,
                          .schedule = rota::every().day().at("03:30"),
                          .run_in_process = true,
                          .timeout = std::chrono::minutes{5},
                          .parameters = {{"file", "/etc/passwd"}}});
}
