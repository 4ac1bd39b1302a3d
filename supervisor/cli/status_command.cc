#include "supervisor/cli/status_command.h"

#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "supervisor/cli/client_command.h"
#include "supervisor/cli/job_table.h"
#include "supervisor/cli/json_fields.h"
#include "supervisor/cli/time_text.h"

namespace rota {
namespace {

using Object = boost::json::object;

std::string next_text(const Object& status, const std::string& zone) {
  const std::string next = text_member(status, "next_occurrence");
  return next.empty() ? "none" : text_member(status, "next_job") + " at " + time_text(next, zone);
}

std::vector<Row> status_rows(const Object& status, const std::string& zone) {
  const std::string trouble = text_member(status, "trouble");
  std::vector<Row> rows{{{"supervisor:"}, {"rotad " + text_member(status, "version")}},
                        {{"since:"}, {time_text(text_member(status, "started_at"), zone)}},
                        {{"jobs:"}, {text_member(status, "jobs")}},
                        {{"running:"}, {text_member(status, "running")}},
                        {{"waiting:"}, {text_member(status, "waiting")}},
                        {{"next:"}, {next_text(status, zone)}}};
  for (const Object& pause : objects_member(status, "pauses"))
    rows.push_back({{"paused:"}, {pause_text(pause, zone), Colour::yellow}});
  rows.push_back({{"trouble:"}, trouble.empty() ? Cell{"none", Colour::green} : Cell{trouble, Colour::red}});
  return rows;
}

int print_status(const ClientOptions& options) {
  Client client{choose_endpoint(options.endpoint)};
  const ClientAnswer answer = client.get("/scheduler/status");
  if (options.json)
    std::cout << answer.body;
  else
    std::cout << table_text(status_rows(parse_object(answer.body), zone_to_show(options.utc)),
                            fact_columns_that_give_way(), standard_output());
  return 0;
}

}  // namespace

void add_status_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<ClientOptions>();
  const Subcommand command = add_client_command(app, "status", "Show how the supervisor is", *options);
  add_utc_option(command, *options);
  set_body(command, exit_status, [options] { return print_status(*options); });
}

}  // namespace rota
