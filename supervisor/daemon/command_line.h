// The options of rotad.
#pragma once

#include <filesystem>
#include <optional>

namespace rota {

struct DaemonOptions {
  std::filesystem::path configuration_file;
  std::filesystem::path jobs_directory;  // in place of the configuration's; empty: its own
  bool check_only = false;  // read the configuration and the modules, say what is wrong, and leave
};

// Reads the command line; environment variables ROTA_CONFIG and
// ROTA_JOBS_DIRECTORY stand in for --config and --jobs-directory. Answers nullopt when there is nothing to
// run (--help, --version, a wrong option, which it prints) and then sets `exit_status`.
std::optional<DaemonOptions> parse_daemon_options(int argc, char** argv, int& exit_status);

}  // namespace rota
