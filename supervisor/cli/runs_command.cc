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
  const auto since = parse_since(options.since, now());
  if (!since)
    throw ClientError{ClientExit::usage, "--since \"" + options.since +
                                             "\": expected how long ago, such as 2h, or an instant as in "
                                             "RFC 3339, such as 2026-03-01T00:00:00Z"};
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
  std::cout << table_text(rows, standard_output());
}

// Rows come one by one, so their columns begin as wide as usual ones and only grow.
[[noreturn]] void print_as_they_come(Client& client, const RunsOptions& options) {
  const Terminal terminal = standard_output();
  const std::string zone = zone_to_show(options.client.utc);
  Widths widths = natural_widths({run_titles()}, {6, 24, 9, 10, 19, 12, 30});
  const auto show_row = [&](const Row& row) {
    widths = natural_widths({row}, widths);
    std::cout << row_text(row, fitted_widths(widths, terminal.width), terminal) << std::flush;
  };
  if (!options.client.json) show_row(run_titles());
  follow_runs(client, filter_of(options), [&](const json::object& run) {
    if (options.client.json)
      std::cout << json::serialize(run) << '\n' << std::flush;
    else
      show_row(run_row(run, zone, now()));
  });
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
                 "Only runs queued since: how long ago (2h), or an instant as in RFC 3339");
  command.option("--limit", options->filter.limit, "How many").in_range(1, 1'000'000).show_default();
  command.flag("-f,--follow", options->follow,
               "Oldest first, and go on with runs that are new or have another state");
  add_utc_option(command, options->client);
  set_body(command, exit_status, [options] { return show_runs(*options); });
}

}  // namespace rota
