// rotad: reads the configuration, joins the parts and runs the event loop.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <exception>

#include "supervisor/daemon/command_line.h"
#include "supervisor/daemon/daemon.h"

int main(int argc, char** argv) {
  int exit_status = 0;
  const auto options = rota::parse_daemon_options(argc, argv, exit_status);
  if (!options) return exit_status;
  spdlog::set_default_logger(spdlog::stderr_logger_mt("rotad"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  try {
    return rota::run_daemon(*options);
  } catch (const std::exception& error) {
    spdlog::critical("{}", error.what());
    return 1;
  }
}
