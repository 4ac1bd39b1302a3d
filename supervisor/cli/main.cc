// rota: the command line. Each subcommand has a file of its own.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "common/text/nearest_word.h"
#include "supervisor/cli/backup_command.h"
#include "supervisor/cli/cancel_command.h"
#include "supervisor/cli/check_command.h"
#include "supervisor/cli/forecast_command.h"
#include "supervisor/cli/import_command.h"
#include "supervisor/cli/job_command.h"
#include "supervisor/cli/jobs_command.h"
#include "supervisor/cli/logs_command.h"
#include "supervisor/cli/next_command.h"
#include "supervisor/cli/pause_command.h"
#include "supervisor/cli/printable.h"
#include "supervisor/cli/prune_command.h"
#include "supervisor/cli/reload_command.h"
#include "supervisor/cli/run_command.h"
#include "supervisor/cli/runs_command.h"
#include "supervisor/cli/status_command.h"
#include "supervisor/cli/token_command.h"

namespace {

// What CLI11 answers to an unknown subcommand is only that one is required.
bool is_unknown_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    known.push_back(command->get_name());
  if (word.starts_with('-') || std::find(known.begin(), known.end(), word) != known.end()) return false;
  std::fprintf(stderr, "rota: there is no command %s%s\nrota --help shows the commands\n",
               rota::printable_line(word).c_str(), rota::suggestion(word, known).c_str());
  return true;
}

// "rota import crontab", as far as the command line was understood.
std::string command_of(const CLI::App* app) {
  std::string command = app->get_name();
  for (const auto* chosen = app; !chosen->get_subcommands().empty();) {
    chosen = chosen->get_subcommands().front();
    command.append(" ").append(chosen->get_name());
  }
  return command;
}

std::string failure_text(const CLI::App* app, const CLI::Error& error) {
  const std::string command = command_of(app);
  return command + ": " + rota::printable_line(error.what()) + "\n" + command +
         " --help shows what is expected\n";
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Looks after the job scheduler.", "rota"};
  app.require_subcommand(1);
  app.failure_message(failure_text);
  app.set_version_flag("--version", "rota " ROTA_VERSION);
  const rota::Subcommand commands{&app};
  int exit_status = 0;
  for (const auto add :
       {rota::add_status_command, rota::add_jobs_command, rota::add_job_command, rota::add_runs_command,
        rota::add_run_command, rota::add_cancel_command, rota::add_logs_command, rota::add_pause_command,
        rota::add_resume_command, rota::add_reload_command, rota::add_backup_command, rota::add_prune_command,
        rota::add_next_command, rota::add_check_command, rota::add_forecast_command, rota::add_import_command,
        rota::add_token_command})
    add(commands, exit_status);
  if (argc > 1 && is_unknown_command(app, argv[1])) return 2;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rota: %s\n", error.what());
    return 1;
  }
  // Whoever reads a file of occurrences or rows must not take a part of it for the whole.
  if (!std::cout.flush()) {
    std::fprintf(stderr, "%s: standard output could not be written; is its disk full?\n",
                 command_of(&app).c_str());
    return exit_status == 0 ? 1 : exit_status;
  }
  return exit_status;
}
