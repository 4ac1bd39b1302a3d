#include "supervisor/cli/runs_command.h"

#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <memory>

#include "common/time/rfc3339.h"
#include "supervisor/cli/client_command.h"
#include "supervisor/cli/json_fields.h"
#include "supervisor/cli/run_follow.h"
#include "supervisor/cli/run_pages.h"
#include "supervisor/cli/run_table.h"
#include "supervisor/cli/time_text.h"
#include "supervisor/client/client_error.h"
#include "supervisor/run/run.h"

namespace rota {
namespace {

namespace json = boost::json;

struct RunsOptions {
  ClientOptions client;
  RunFilter filter;
  std::string since;
  bool follow = false;
};

Instant now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

std::string state_error(const std::string& word) {
  if (parse_run_state(word)) return {};
  return "expected queued, running, succeeded, failed, timed_out, cancelled, crashed, lost, skipped or "
         "missed";
}

RunFilter filter_of(const RunsOptions& options) {
  RunFilter filter = options.filter;
  if (options.since.empty()) return filter;
  const auto since = parse_since(options.since, now(), zone_to_show(options.client.utc));
  if (!since)
    throw ClientError{ClientExit::usage, "--since \"" + options.since +
                                             "\": expected how long ago, such as 2h, or when, such as "
                                             "2026-03-01, \"2026-03-01 02:20:00\" or 2026-03-01T02:20:00Z"};
  filter.since = format_rfc3339(*since);
  return filter;
}

void print_runs(const RunPages& pages, const RunsOptions& options) {
  if (options.client.json) {
    json::array runs;
    for (const json::object& run : pages.runs) runs.push_back(run);
    std::cout << json::serialize(json::object{{"runs", std::move(runs)}, {"next_before", pages.next_before}})
              << '\n';
    return;
  }
  const std::string zone = zone_to_show(options.client.utc);
  std::vector<Row> rows{run_titles()};
  for (const auto& run : pages.runs) rows.push_back(run_row(run, zone, now()));
  std::cout << table_text(rows, run_columns_that_give_way(), standard_output()) << std::flush;
  if (pages.runs.empty()) std::cerr << "rota runs: no such run is recorded\n";
}

// Rows come one by one, so that their columns begin as wide as usual ones and those of the first look, and
// only grow.
[[noreturn]] void print_as_they_come(Client& client, const RunsOptions& options) {
  const Terminal terminal = standard_output();
  const std::string zone = zone_to_show(options.client.utc);
  Widths widths = {6, 24, 9, 10, 19, 12, 30};
  std::vector<Row> rows{run_titles()};
  const auto show_rows = [&](const std::vector<json::object>& runs) {
    for (const json::object& run : runs) rows.push_back(run_row(run, zone, now()));
    widths = natural_widths(rows, widths);
    const Widths fitted = fitted_widths(widths, run_columns_that_give_way(), terminal.width);
    for (const Row& row : rows) std::cout << row_text(row, fitted, terminal) << std::flush;
    rows.clear();
  };
  const auto show_json = [](const std::vector<json::object>& runs) {
    for (const json::object& run : runs) std::cout << json::serialize(run) << '\n' << std::flush;
  };
  const RunFilter filter = filter_of(options);
  if (options.client.json) follow_runs(client, filter, show_json);
  follow_runs(client, filter, show_rows);
}

int show_runs(const RunsOptions& options) {
  const RunFilter filter = filter_of(options);
  Client client{choose_endpoint(options.client.endpoint)};
  if (options.follow) print_as_they_come(client, options);
  print_runs(fetch_runs(client, filter), options);
  return 0;
}

}  // namespace

void add_runs_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<RunsOptions>();
  const Subcommand command =
      add_client_command(app, "runs", "Show the history, newest first", options->client);
  command.option("--job", options->filter.job, "Only runs of this job");
  command.option("--state", options->filter.state, "Only runs in this state").check(state_error);
  command.option("--since", options->since,
                 "Only runs queued since: how long ago (2h), a date or time as it is shown, or RFC 3339");
  command.option("--limit", options->filter.limit, "How many").in_range(1, 1'000'000).show_default();
  command.flag("-f,--follow", options->follow,
               "Oldest first, and go on with runs that are new or have another state");
  add_utc_option(command, options->client);
  set_body(command, exit_status, [options] { return show_runs(*options); });
}

}  // namespace rota
