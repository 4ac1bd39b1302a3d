#include "worker/options.h"

#include <getopt.h>

#include <array>

#include "common/time/duration.h"

namespace rota {
namespace {

enum Letter : int {
  kParam = 1,
  kTimeout,
  kLastEntry,
  kModule,
  kModules,
  kList,
  kSupervised,
  kForkServer,
  kHelp,
  kVersion
};

constexpr std::array kOptions{
    option{"param", required_argument, nullptr, kParam},
    option{"timeout", required_argument, nullptr, kTimeout},
    option{"last-entry", required_argument, nullptr, kLastEntry},
    option{"module", required_argument, nullptr, kModule},
    option{"modules", required_argument, nullptr, kModules},
    option{"list", no_argument, nullptr, kList},
    option{"supervised", no_argument, nullptr, kSupervised},
    option{"fork-server", required_argument, nullptr, kForkServer},
    option{"help", no_argument, nullptr, kHelp},
    option{"version", no_argument, nullptr, kVersion},
    option{nullptr, 0, nullptr, 0},
};

void take_parameter(const std::string& text, Parameters& parameters) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UsageError{"--param \"" + text + "\": expected name=value, such as --param lines=10"};
  parameters[text.substr(0, equals)] = text.substr(equals + 1);
}

void take_option(int letter, const std::string& value, WorkerOptions& options) {
  switch (letter) {
    case kParam:
      return take_parameter(value, options.parameters);
    case kTimeout:
      options.timeout = parse_duration(value);
      if (!options.timeout || options.timeout->count() == 0)
        throw UsageError{"--timeout \"" + value +
                         "\": expected a duration above zero, such as 30s or \"15 minutes\""};
      return;
    case kLastEntry:
      options.last_entry = value;
      return;
    case kModule:
      options.module = value;
      return;
    case kModules:
      options.directories.emplace_back(value);
      return;
    case kList:
      options.mode = WorkerOptions::Mode::list;
      return;
    case kSupervised:
      options.mode = WorkerOptions::Mode::supervised;
      return;
    case kForkServer:
      options.mode = WorkerOptions::Mode::fork_server;
      return;
    case kHelp:
      options.mode = WorkerOptions::Mode::help;
      return;
    case kVersion:
      options.mode = WorkerOptions::Mode::version;
      return;
    default:
      throw UsageError{"unknown option, or one without its value; see rota-worker --help"};
  }
}

}  // namespace

WorkerOptions parse_options(int argc, char** argv) {
  WorkerOptions options;
  int letter = 0;
  while ((letter = getopt_long(argc, argv, "", kOptions.data(), nullptr)) != -1)
    take_option(letter, optarg ? optarg : "", options);
  const bool runs =
      options.mode == WorkerOptions::Mode::run || options.mode == WorkerOptions::Mode::supervised;
  if (argc - optind != (runs ? 1 : 0))
    throw UsageError{runs ? "expected the name of one job; rota-worker --list shows them"
                          : "expected no name of a job with this option"};
  if (runs) options.job_name = argv[optind];
  return options;
}

std::string usage() {
  return "usage: rota-worker NAME [--param KEY=VALUE]... [--timeout DURATION] [--last-entry JSON]\n"
         "                        [--module FILE | --modules DIRECTORY]...\n"
         "       rota-worker --list [--module FILE | --modules DIRECTORY]...\n"
         "       rota-worker --help | --version\n\n"
         "Runs one job on this terminal, without a supervisor. Ctrl-C asks it to stop, a\n"
         "second Ctrl-C ends it. Exit status: 0 success, 1 failure, 2 wrong command line or\n"
         "unknown job, 124 timeout.\n\n"
         "Modules are sought in --modules, else in ROTA_MODULE_PATH (directories with :\n"
         "between them), else in ../lib/jobs of this program and /usr/lib/rota/jobs.\n"
         "The supervisor uses --supervised [--module FILE] NAME and speaks the pipe protocol\n"
         "on descriptors 3 and 4; without --module its start message holds a command.\n"
         "With --fork-server ROOM it forks such workers; ROOM is overwritten by what they show.\n";
}

}  // namespace rota
