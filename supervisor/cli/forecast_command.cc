#include "supervisor/cli/forecast_command.h"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/configuration/load_configuration.h"
#include "common/module/module_loader.h"
#include "common/time/duration.h"
#include "common/time/rfc3339.h"
#include "supervisor/cli/duration_history.h"
#include "supervisor/cli/printable.h"
#include "supervisor/cli/start_option.h"
#include "supervisor/cli/terminal.h"
#include "supervisor/cli/wrapped.h"
#include "supervisor/forecast/forecast.h"
#include "supervisor/forecast/render_json.h"
#include "supervisor/forecast/render_text.h"
#include "supervisor/job/job_table.h"
#include "supervisor/job/load_jobs.h"
#include "supervisor/job/spread.h"

namespace rota {
namespace {

using std::chrono::milliseconds;

struct ForecastOptions {
  int days = 7;
  int hours = 0;  // 0: days count
  std::string from;
  std::string configuration = "/etc/rota/rota.toml";
  std::vector<std::filesystem::path> job_files;
  std::string database;
  std::string assume = "1 minute";
  bool json = false;
  bool utc = false;
  bool ascii = false;
};

milliseconds assumed_duration(const ForecastOptions& options) {
  const auto duration = parse_duration(options.assume);
  if (!duration || duration->count() <= 0)
    throw WrongOption{"--assume \"" + options.assume +
                      "\": expected a duration above zero, such as 30s or \"5 minutes\""};
  return *duration;
}

JobTable jobs_in_force(const ForecastOptions& options, const Configuration& configuration) {
  LoadedJobs loaded = load_jobs(configuration);
  std::vector<std::string> errors = std::move(loaded.module_faults);
  errors.insert(errors.end(), loaded.errors.begin(), loaded.errors.end());
  std::string text;
  for (const std::string& error : errors)
    text += (text.empty() ? "" : "\n") + options.configuration + ": " + error;
  if (!errors.empty()) throw std::runtime_error{text};
  return std::move(loaded.table);
}

ForecastJob forecast_job(const ActiveJob& job, const DurationHistory& history) {
  ForecastJob forecast;
  forecast.name = job.name;
  forecast.schedule = job.schedule;
  forecast.spread_offset = spread_offset(job.name, job.terms->policies.spread);
  forecast.kind = job.terms->run_in_process ? RunKind::process : RunKind::thread;
  forecast.overlap = job.terms->policies.overlap;
  forecast.group = job.terms->policies.group;
  forecast.priority = job.terms->policies.priority;
  forecast.timeout = job.terms->timeout;
  forecast.dependencies = job.terms->policies.dependencies;
  if (const auto known = history.jobs.find(job.name); known != history.jobs.end()) {
    forecast.measured = known->second.durations;
    forecast.last_finish = known->second.last_finish;
  }
  return forecast;
}

ForecastInput input_of(const ForecastOptions& options) {
  ForecastInput input;
  input.from = start_option(options.from);
  input.to = input.from +
             (options.hours > 0 ? std::chrono::hours{options.hours} : std::chrono::hours{24} * options.days);
  input.assumed_duration = assumed_duration(options);
  const Configuration configuration =
      load_configuration(options.configuration, process_environment(), options.job_files);
  const JobTable table = jobs_in_force(options, configuration);
  std::vector<std::string> names;
  for (const auto& [name, job] : table) names.push_back(name);
  const std::filesystem::path database =
      options.database.empty() ? configuration.database : std::filesystem::path{options.database};
  const DurationHistory history = read_duration_history(database, names);
  if (!history.trouble.empty())
    std::cerr << "rota forecast: " << history.trouble << "; no durations are known\n";
  for (const auto& [name, active] : table) input.jobs.push_back(forecast_job(*active, history));
  input.limits = {configuration.threads, configuration.processes, configuration.group_limits};
  input.default_zone = configuration.zone;
  input.zone = options.utc ? "UTC" : configuration.zone;
  input.spread_offset = spread_offset;
  return input;
}

int run(const ForecastOptions& options) {
  try {
    const ForecastInput input = input_of(options);
    const Forecast forecast = make_forecast(input);
    std::cout << (options.json
                      ? forecast_as_json(input, forecast)
                      : wrapped(forecast_as_text(input, forecast, options.ascii), standard_output().width));
    return 0;
  } catch (const WrongOption& error) {
    std::cerr << "rota forecast: " << printable_text(error.what()) << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << printable_text(error.what()) << '\n';
    return 1;
  }
}

}  // namespace

void add_forecast_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<ForecastOptions>();
  const Subcommand command =
      app.add("forecast", "Tell what will run when, what will wait and collide, and how to space it better");
  const auto days =
      command.option("--days", options->days, "How many days to look ahead").in_range(1, 366).show_default();
  command.option("--hours", options->hours, "How many hours to look ahead, instead of days")
      .in_range(1, 366 * 24)
      .excludes(days);
  command.option("--from", options->from, "Begin at this instant, RFC 3339 (default: now)");
  command.option("--config", options->configuration, "The supervisor's configuration")
      .from_environment("ROTA_CONFIG")
      .show_default();
  command.option("--jobs", options->job_files,
                 "Job files to forecast as if they stood in the jobs directory");
  command.option("--database", options->database,
                 "The run database with the durations (default: the configuration's)");
  command.option("--assume", options->assume, "How long a run takes of a job that was never measured")
      .show_default();
  command.flag("--json", options->json, "Print everything as one JSON object");
  command.flag("--utc", options->utc, "Show times in UTC (default: the configuration's zone)");
  command.flag("--ascii", options->ascii, "Use no signs beyond ASCII");
  command.callback([options, &exit_status] { exit_status = run(*options); });
}

}  // namespace rota
