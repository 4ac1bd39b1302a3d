#include "supervisor/daemon/log_run.h"

#include <spdlog/spdlog.h>

namespace rota {
namespace {

// A line is written on the thread that logs it (no asynchronous logger is used), so this is
// how a sink gets what spdlog has no place for.
thread_local const LoggedRun* current_run = nullptr;

}  // namespace

void log_run(spdlog::level::level_enum level, const Run& run, const std::string& text) {
  const LoggedRun about{run.job_name, run.id};
  current_run = &about;
  spdlog::log(level, "{} run {} {}", run.job_name, run.id, text);
  current_run = nullptr;
}

const LoggedRun* logged_run() { return current_run; }

}  // namespace rota
