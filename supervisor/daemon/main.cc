// rotad: reads the configuration, joins the parts and runs the event loop.
#include <spdlog/spdlog.h>

#include <exception>
#include <memory>

#include "supervisor/daemon/command_line.h"
#include "supervisor/daemon/daemon.h"
#include "supervisor/daemon/journal_sink.h"

int main(int argc, char** argv) {
  int exit_status = 0;
  const auto options = rota::parse_daemon_options(argc, argv, exit_status);
  if (!options) return exit_status;
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("rotad", rota::log_sink()));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  try {
    return rota::run_daemon(*options);
  } catch (const std::exception& error) {
    spdlog::critical("{}", error.what());
    return 1;
  }
}
