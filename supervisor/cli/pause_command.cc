#include "supervisor/cli/pause_command.h"

#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "supervisor/cli/client_command.h"
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

int ask(const PauseOptions& options, const std::string& target, const std::string& done) {
  const std::string body = boost::json::serialize(scope_of(options));
  Client client{choose_endpoint(options.client.endpoint)};
  const ClientAnswer answer = client.post(target, body);
  if (options.client.json)
    std::cout << answer.body;
  else
    std::cout << scope_text(options) << ": " << done << '\n';
  return 0;
}

void add_command(const Subcommand& app, int& exit_status, const std::string& name,
                 const std::string& description, const std::string& done) {
  const auto options = std::make_shared<PauseOptions>();
  const Subcommand command = add_client_command(app, name, description, options->client);
  command.option("job", options->job, "Name of the job");
  command.option("--group", options->group, "All jobs of this concurrency group");
  command.flag("--all", options->all, "All jobs");
  set_body(command, exit_status, [=] { return ask(*options, "/scheduler/" + name, done); });
}

}  // namespace

void add_pause_command(const Subcommand& app, int& exit_status) {
  add_command(app, exit_status, "pause", "Let a job, a group or all fire nothing until they are resumed",
              "paused; active runs go on, rota run still works, rota resume ends it");
}

void add_resume_command(const Subcommand& app, int& exit_status) {
  add_command(app, exit_status, "resume", "Let a job, a group or all fire again", "resumed");
}

}  // namespace rota
