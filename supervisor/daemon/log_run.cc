#include "supervisor/daemon/log_run.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "common/text/control_character.h"

namespace rota {
namespace {

// A line is written on the thread that logs it (no asynchronous logger is used), so this is
// how a sink gets what spdlog has no place for.
thread_local const LoggedRun* current_run = nullptr;

// A job's own words must neither begin lines that look like the supervisor's nor command a terminal.
std::string one_line(std::string text) {
  std::replace_if(text.begin(), text.end(), is_control, ' ');
  return text;
}

}  // namespace

void log_run(spdlog::level::level_enum level, const Run& run, const std::string& text) {
  const LoggedRun about{run.job_name, run.id};
  current_run = &about;
  spdlog::log(level, "{} run {} {}", run.job_name, run.id, one_line(text));
  current_run = nullptr;
}

const LoggedRun* logged_run() { return current_run; }

}  // namespace rota
