// The worker's command line.
#pragma once

#include <rota/job.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace rota {

struct WorkerOptions {
  enum class Mode { run, supervised, fork_server, list, help, version };
  Mode mode = Mode::run;
  std::string job_name;
  std::filesystem::path module;                    // empty: sought in `directories`
  std::vector<std::filesystem::path> directories;  // empty: the default ones
  Parameters parameters;
  std::optional<std::chrono::milliseconds> timeout;
  std::string last_entry;
};

// A command line that is wrong; the message says what was expected.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws UsageError.
WorkerOptions parse_options(int argc, char** argv);

std::string usage();

}  // namespace rota
