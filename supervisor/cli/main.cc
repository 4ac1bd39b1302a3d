// rota: the command line. Each subcommand has a file of its own.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "supervisor/cli/next_command.h"
#include "supervisor/cli/token_command.h"

int main(int argc, char** argv) {
  CLI::App app{"Looks after the job scheduler.", "rota"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "rota " ROTA_VERSION);
  int exit_status = 0;
  rota::add_next_command(app, exit_status);
  rota::add_token_command(app, exit_status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rota: %s\n", error.what());
    return 1;
  }
  return exit_status;
}
