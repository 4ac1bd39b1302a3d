#include "supervisor/daemon/command_line.h"

#include <CLI/CLI.hpp>

namespace rota {

std::optional<DaemonOptions> parse_daemon_options(int argc, char** argv, int& exit_status) {
  DaemonOptions options{.configuration_file = "/etc/rota/rota.toml", .jobs_directory = {}};
  CLI::App app{"Fires jobs by their schedules, supervises and records every run.", "rotad"};
  app.add_option("-c,--config", options.configuration_file, "The configuration file")
      ->envname("ROTA_CONFIG")
      ->capture_default_str();
  app.add_option("--jobs-directory", options.jobs_directory,
                 "The directory of job files, in place of the configuration's")
      ->envname("ROTA_JOBS_DIRECTORY");
  app.add_flag("--check", options.check_only, "Check the configuration and the job modules, then exit");
  app.set_version_flag("--version", "rotad " ROTA_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_status = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  return options;
}

}  // namespace rota
