#include "supervisor/cli/job_command.h"

#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <memory>

#include "supervisor/cli/client_command.h"
#include "supervisor/cli/job_table.h"
#include "supervisor/cli/json_fields.h"
#include "supervisor/cli/run_pages.h"
#include "supervisor/cli/run_table.h"
#include "supervisor/cli/time_text.h"

namespace rota {
namespace {

constexpr int kLatestRuns = 5;

struct JobOptions {
  ClientOptions client;
  std::string name;
};

int print_job(const JobOptions& options) {
  Client client{choose_endpoint(options.client.endpoint)};
  const ClientAnswer answer = client.get("/scheduler/jobs/" + percent_encoded(options.name));
  if (options.client.json) {
    std::cout << answer.body;
    return 0;
  }
  const Terminal terminal = standard_output();
  const std::string zone = zone_to_show(options.client.utc);
  std::cout << table_text(job_facts(parse_object(answer.body), zone), fact_columns_that_give_way(), terminal);
  std::vector<Row> rows{run_titles()};
  const Instant now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  for (const auto& run : fetch_runs(client, {.job = options.name, .limit = kLatestRuns}).runs)
    rows.push_back(run_row(run, zone, now));
  if (rows.size() > 1) std::cout << '\n' << table_text(rows, run_columns_that_give_way(), terminal);
  return 0;
}

}  // namespace

void add_job_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<JobOptions>();
  const Subcommand command =
      add_client_command(app, "job", "Show one job and its latest runs", options->client);
  command.option("name", options->name, "Name of the job").required().not_empty();
  add_utc_option(command, options->client);
  set_body(command, exit_status, [options] { return print_job(*options); });
}

}  // namespace rota
