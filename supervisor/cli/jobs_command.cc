#include "supervisor/cli/jobs_command.h"

#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "supervisor/cli/client_command.h"
#include "supervisor/cli/job_table.h"
#include "supervisor/cli/json_fields.h"
#include "supervisor/cli/time_text.h"

namespace rota {
namespace {

int print_jobs(const ClientOptions& options) {
  Client client{choose_endpoint(options.endpoint)};
  const ClientAnswer answer = client.get("/scheduler/jobs");
  if (options.json) {
    std::cout << answer.body;
    return 0;
  }
  const std::string zone = zone_to_show(options.utc);
  std::vector<Row> rows{job_titles()};
  for (const auto& job : objects_member(parse_object(answer.body), "jobs"))
    rows.push_back(job_row(job, zone));
  std::cout << table_text(rows, job_columns_that_give_way(), standard_output());
  return 0;
}

}  // namespace

void add_jobs_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<ClientOptions>();
  const Subcommand command = add_client_command(app, "jobs", "List the jobs", *options);
  add_utc_option(command, *options);
  set_body(command, exit_status, [options] { return print_jobs(*options); });
}

}  // namespace rota
