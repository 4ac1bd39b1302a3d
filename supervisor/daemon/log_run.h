// Lines of the log that are about a run. A sink that keeps fields beside the text learns from
// here which run a line is about, so that a journal can be asked for a job's lines. Any thread.
#pragma once

#include <spdlog/common.h>

#include <string>
#include <string_view>

#include "supervisor/run/run.h"

namespace rota {

struct LoggedRun {
  std::string_view job_name;
  RunId id = 0;
};

// Writes "JOB run ID TEXT" to the log of the process.
void log_run(spdlog::level::level_enum level, const Run& run, const std::string& text);

// The run that the line being written on this thread is about; null for none. It lives until
// the line has been written.
const LoggedRun* logged_run();

}  // namespace rota
