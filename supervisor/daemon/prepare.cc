#include "supervisor/daemon/prepare.h"

#include <unistd.h>

#include <utility>

#include "common/configuration/load_configuration.h"
#include "supervisor/job/load_jobs.h"
#include "supervisor/token/token_key.h"

namespace rota {
namespace {

// The worker that was built or installed with this program.
std::filesystem::path default_worker() {
  const auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "rota-worker";
  return access(beside.c_str(), X_OK) == 0 ? beside : std::filesystem::path{"/usr/bin/rota-worker"};
}

void check_key(const DaemonOptions& options, const HttpConfiguration& http) {
  try {
    check_token_key(http);
  } catch (const TokenKeyError& error) {
    throw ConfigurationError{
        {{options.configuration_file, options.configuration_file.string() + ": " + error.what()}}};
  }
}

}  // namespace

Prepared prepare(const DaemonOptions& options) {
  Prepared prepared;
  Environment environment = process_environment();
  if (!options.jobs_directory.empty())
    environment["ROTA_JOBS_DIRECTORY"] = std::filesystem::absolute(options.jobs_directory);
  prepared.configuration = load_configuration(options.configuration_file, environment);
  check_key(options, prepared.configuration.http);
  if (prepared.configuration.worker.empty()) prepared.configuration.worker = default_worker();
  LoadedJobs loaded = load_jobs(prepared.configuration);
  prepared.jobs = std::move(loaded.table);
  prepared.warnings = std::move(loaded.module_faults);
  if (loaded.errors.empty()) return prepared;
  std::vector<ConfigurationFault> faults;
  faults.reserve(loaded.errors.size());
  for (const std::string& error : loaded.errors) faults.push_back({options.configuration_file, error});
  throw ConfigurationError{std::move(faults)};
}

Dispatcher::Limits limits_of(const Configuration& configuration) {
  return {configuration.threads, configuration.processes, configuration.group_limits};
}

std::vector<std::string> fixed_settings_that_differ(const Configuration& now, const Configuration& then) {
  std::vector<std::string> lines;
  const auto compare = [&](const char* key, const auto& left, const auto& right) {
    if (left != right)
      lines.push_back(std::string{key} +
                      ": is in force from the start of rotad on; restart it, or take the change back");
  };
  compare("supervisor.database", now.database, then.database);
  compare("supervisor.log_directory", now.log_directory, then.log_directory);
  compare("supervisor.worker", now.worker, then.worker);
  compare("supervisor.threads", now.threads, then.threads);
  compare("supervisor.run_log_limit", now.run_log_limit_bytes, then.run_log_limit_bytes);
  compare("supervisor.control_socket", now.control_socket, then.control_socket);
  compare("supervisor.control_group", now.control_group, then.control_group);
  compare("http", now.http, then.http);
  return lines;
}

}  // namespace rota
