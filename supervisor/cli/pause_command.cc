#include "supervisor/cli/pause_command.h"

#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "supervisor/cli/client_command.h"
#include "supervisor/cli/job_table.h"
#include "supervisor/cli/json_fields.h"
#include "supervisor/cli/time_text.h"
#include "supervisor/client/client_error.h"

namespace rota {
namespace {

struct PauseOptions {
  ClientOptions client;
  std::string job;
  std::string group;
  bool all = false;
};

boost::json::object scope_of(const PauseOptions& options) {
  const int scopes = (options.job.empty() ? 0 : 1) + (options.group.empty() ? 0 : 1) + (options.all ? 1 : 0);
  if (scopes != 1)
    throw ClientError{ClientExit::usage, "expected one of: the name of a job, --group NAME, --all"};
  if (options.all) return {{"all", true}};
  if (!options.group.empty()) return {{"group", options.group}};
  return {{"job", options.job}};
}

std::string scope_text(const PauseOptions& options) {
  if (options.all) return "all jobs";
  return options.group.empty() ? "job " + options.job : "group " + options.group;
}

// What still holds back what was just resumed, by a pause of a wider scope; empty if nothing does.
std::string pause_that_is_left(Client& client, const PauseOptions& options) {
  const std::string zone = zone_to_show(false);
  if (!options.job.empty()) {
    const auto job = parse_object(client.get("/scheduler/jobs/" + percent_encoded(options.job)).body);
    const auto* pause = object_member(job, "pause");
    return pause ? pause_text(*pause, zone) : "";
  }
  if (options.all) return "";
  for (const auto& pause : objects_member(parse_object(client.get("/scheduler/status").body), "pauses"))
    if (text_member(pause, "scope") == "all") return pause_text(pause, zone);
  return "";
}

ClientAnswer ask(Client& client, const PauseOptions& options, const std::string& target) {
  return client.post(target, boost::json::serialize(scope_of(options)));
}

int pause(const PauseOptions& options) {
  Client client{choose_endpoint(options.client.endpoint)};
  const ClientAnswer answer = ask(client, options, "/scheduler/pause");
  if (options.client.json)
    std::cout << answer.body;
  else
    std::cout << scope_text(options)
              << ": paused; active runs go on, rota run still works, rota resume ends it\n";
  return 0;
}

int resume(const PauseOptions& options) {
  Client client{choose_endpoint(options.client.endpoint)};
  const ClientAnswer answer = ask(client, options, "/scheduler/resume");
  if (options.client.json) {
    std::cout << answer.body;
    return 0;
  }
  const std::string left = pause_that_is_left(client, options);
  std::cout << scope_text(options) << ": " << (left.empty() ? "resumed" : "still paused, " + left) << '\n';
  return 0;
}

void add_command(const Subcommand& app, int& exit_status, const std::string& name,
                 const std::string& description, int (*body)(const PauseOptions&)) {
  const auto options = std::make_shared<PauseOptions>();
  const Subcommand command = add_client_command(app, name, description, options->client);
  command.option("job", options->job, "Name of the job");
  command.option("--group", options->group, "All jobs of this concurrency group");
  command.flag("--all", options->all, "All jobs");
  set_body(command, exit_status, [options, body] { return body(*options); });
}

}  // namespace

void add_pause_command(const Subcommand& app, int& exit_status) {
  add_command(app, exit_status, "pause", "Let a job, a group or all fire nothing until they are resumed",
              pause);
}

void add_resume_command(const Subcommand& app, int& exit_status) {
  add_command(app, exit_status, "resume", "Let a job, a group or all fire again", resume);
}

}  // namespace rota
