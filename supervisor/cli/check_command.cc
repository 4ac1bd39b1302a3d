#include "supervisor/cli/check_command.h"

#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/configuration/load_configuration.h"
#include "common/module/module_loader.h"
#include "common/schedule/zone_names.h"
#include "common/schedule/zoned_text.h"
#include "supervisor/cli/job_table.h"
#include "supervisor/cli/printable.h"
#include "supervisor/cli/start_option.h"
#include "supervisor/job/dependency_cycle.h"
#include "supervisor/job/job_table.h"
#include "supervisor/job/load_jobs.h"
#include "supervisor/job/policy_words.h"
#include "supervisor/job/spread.h"
#include "supervisor/token/token_key.h"

namespace rota {
namespace {

using std::chrono::sys_seconds;
using Files = std::vector<std::filesystem::path>;

struct CheckOptions {
  std::string configuration = "/etc/rota/rota.toml";
  Files files;
  std::string from;
  bool json = false;
  bool utc = false;
};

// What is shown of a job.
struct CheckedJob {
  std::string name;
  std::optional<Schedule> schedule;
  DependencyPolicy dependencies;
  std::chrono::seconds offset{0};
};

using CheckedJobs = std::vector<CheckedJob>;

// Faults that are told line by line.
class Faulty : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

CheckedJob checked(const ActiveJob& job) {
  return {job.name, job.schedule, job.terms->policies.dependencies,
          spread_offset(job.name, job.terms->policies.spread)};
}

// The jobs that `configuration` and its modules put in force; those of `names` only, unless it is empty.
CheckedJobs jobs_in_force(const CheckOptions& options, const Configuration& configuration,
                          const std::set<std::string>& names) {
  LoadedJobs loaded = load_jobs(configuration);
  std::vector<std::string> errors = std::move(loaded.module_faults);
  errors.insert(errors.end(), loaded.errors.begin(), loaded.errors.end());
  std::string text;
  for (const std::string& error : errors)
    text += (text.empty() ? "" : "\n") + options.configuration + ": " + error;
  if (!errors.empty()) throw Faulty{text};
  CheckedJobs jobs;
  for (const auto& [name, active] : loaded.table)
    if (names.empty() || names.contains(name)) jobs.push_back(checked(*active));
  return jobs;
}

// Job files without a configuration: what a module registers of their jobs is not known.
CheckedJobs jobs_alone(const Files& files) {
  Configuration configuration;
  configuration.zone = system_zone();
  CheckedJobs jobs;
  std::map<std::string, std::vector<std::string>> after;
  for (const auto& [name, settings] : load_job_files(files)) {
    if (!settings.enabled) continue;
    jobs.push_back(checked(make_command_job(name, settings, configuration)));
    after.emplace(name, jobs.back().dependencies.after);
  }
  if (const auto fault = cycle_fault(after)) throw Faulty{files.front().string() + ": " + *fault};
  return jobs;
}

// Whether a fault stands in a file that is not checked, so that the checked ones cannot be
// read together with it.
bool is_elsewhere(const ConfigurationError& error, const Files& files) {
  return std::any_of(error.faults().begin(), error.faults().end(), [&](const ConfigurationFault& fault) {
    return std::find(files.begin(), files.end(), fault.file) == files.end();
  });
}

CheckedJobs check_files(const CheckOptions& options) {
  std::optional<Configuration> configuration;
  try {
    configuration = load_configuration(options.configuration, process_environment(), options.files);
  } catch (const ConfigurationError& error) {
    if (!is_elsewhere(error, options.files)) throw;
  }
  if (!configuration) {
    std::cerr
        << "rota check: " << options.configuration
        << " cannot be used, and rota check without a file says why; so groups, modules and the jobs of "
           "other files are not known\n";
    return jobs_alone(options.files);
  }
  std::set<std::string> names;
  for (const auto& [name, settings] : load_job_files(options.files)) names.insert(name);
  return names.empty() ? CheckedJobs{} : jobs_in_force(options, *configuration, names);
}

// Who checks may not be allowed to read the key, and then it is left to the supervisor.
void check_key(const CheckOptions& options, const HttpConfiguration& http) {
  if (access(http.key_file.c_str(), R_OK) != 0 && errno == EACCES) return;
  try {
    check_token_key(http);
  } catch (const TokenKeyError& error) {
    throw Faulty{options.configuration + ": " + error.what()};
  }
}

CheckedJobs check(const CheckOptions& options) {
  if (!options.files.empty()) return check_files(options);
  const Configuration configuration = load_configuration(options.configuration, process_environment());
  check_key(options, configuration.http);
  return jobs_in_force(options, configuration, {});
}

std::vector<std::string> next_occurrences(const CheckedJob& job, sys_seconds from, bool utc) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> shown;
  // A fixed delay is counted from the end of runs that are not known here.
  if (!job.schedule || job.schedule->counts_from_finish()) return shown;
  const std::string zone = utc ? "UTC" : job.schedule->zone();
  sys_seconds after = from - job.offset;
  while (shown.size() < kShown) {
    const auto next = job.schedule->next_after(after);
    if (!next) break;
    shown.push_back(rfc3339_in(zone, *next + job.offset));
    after = *next;
  }
  return shown;
}

// Its schedule, and the jobs after which it runs.
std::vector<std::string> causes_of(const CheckedJob& job) {
  std::vector<std::string> causes;
  if (job.schedule) causes.push_back(to_string(*job.schedule));
  if (const auto& after = job.dependencies.after; !after.empty()) {
    std::string names;
    for (const std::string& name : after) names.append(names.empty() ? "" : ", ").append(name);
    causes.push_back(after_text(names, on_word(job.dependencies.on)));
  }
  if (causes.empty()) causes.emplace_back("no schedule");
  return causes;
}

void print_text(const CheckedJobs& jobs, sys_seconds from, bool utc) {
  for (const CheckedJob& job : jobs) {
    std::cout << job.name << '\n';
    for (const std::string& cause : causes_of(job)) std::cout << "  " << cause << '\n';
    for (const std::string& occurrence : next_occurrences(job, from, utc))
      std::cout << "  " << occurrence << '\n';
  }
}

void print_json(const CheckedJobs& jobs, sys_seconds from, bool utc) {
  boost::json::array rows;
  for (const CheckedJob& job : jobs) {
    boost::json::object row{{"name", job.name},
                            {"schedule", nullptr},
                            {"after", boost::json::value_from(job.dependencies.after)},
                            {"on", on_word(job.dependencies.on)},
                            {"next", boost::json::value_from(next_occurrences(job, from, utc))}};
    if (job.schedule) row["schedule"] = to_string(*job.schedule);
    rows.push_back(std::move(row));
  }
  std::cout << boost::json::serialize(rows) << '\n';
}

int run(const CheckOptions& options) {
  try {
    const sys_seconds from = start_option(options.from);
    const CheckedJobs jobs = check(options);
    options.json ? print_json(jobs, from, options.utc) : print_text(jobs, from, options.utc);
    return 0;
  } catch (const WrongOption& error) {
    std::cerr << "rota check: " << printable_text(error.what()) << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << printable_text(error.what()) << '\n';
    return 1;
  }
}

}  // namespace

void add_check_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<CheckOptions>();
  const Subcommand command = app.add("check", "Check a configuration or job files, without a supervisor");
  command.option(
      "file", options->files,
      "Job files to check as if they stood in the jobs directory (default: the whole configuration)");
  command.option("--config", options->configuration, "The supervisor's configuration")
      .from_environment("ROTA_CONFIG")
      .show_default();
  command.option("--from", options->from, "Show what comes after this instant, RFC 3339 (default: now)");
  command.flag("--json", options->json, "Print an array of objects with name, schedule, after, on and next");
  command.flag("--utc", options->utc, "Show times in UTC (default: the zone of each schedule)");
  command.callback([options, &exit_status] { exit_status = run(*options); });
}

}  // namespace rota
