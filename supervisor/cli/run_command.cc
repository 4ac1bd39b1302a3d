#include "supervisor/cli/run_command.h"

#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <vector>

#include "supervisor/cli/client_command.h"
#include "supervisor/cli/json_fields.h"
#include "supervisor/cli/run_wait.h"
#include "supervisor/client/client_error.h"

namespace rota {
namespace {

struct RunOptions {
  ClientOptions client;
  std::string job;
  std::vector<std::string> parameters;
  bool wait = false;
};

std::string body_of(const std::vector<std::string>& texts) {
  boost::json::object parameters;
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      throw ClientError{ClientExit::usage,
                        "--param \"" + text + "\": expected name=value, such as --param lines=10"};
    parameters[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return boost::json::serialize(boost::json::object{{"parameters", std::move(parameters)}});
}

int trigger(const RunOptions& options) {
  const std::string body = body_of(options.parameters);
  Client client{choose_endpoint(options.client.endpoint)};
  const ClientAnswer answer = client.post("/scheduler/run/" + percent_encoded(options.job), body);
  const std::int64_t id = number_member(parse_object(answer.body), "run_id").value_or(0);
  if (options.wait) try {
      return wait_for_run(client, options.job, id, options.client.json);
    } catch (const ClientError& error) {
      throw ClientError{
          error.exit(),
          "run " + std::to_string(id) + " is accepted, but how it goes on cannot be shown: " + error.what()};
    }
  if (options.client.json)
    std::cout << answer.body;
  else
    std::cout << "run " << id << " of " << options.job << " is accepted; rota logs -f " << id
              << " shows it\n";
  return 0;
}

}  // namespace

void add_run_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<RunOptions>();
  const Subcommand command = add_client_command(app, "run", "Run a job now", options->client);
  command.option("job", options->job, "Name of the job").required().not_empty();
  command.option("--param", options->parameters, "A parameter of the run, name=value; any number of them")
      .one_value_each();
  command.flag("--wait", options->wait,
               "Show its log and progress until it ends, and exit as it did (see rota(1))");
  set_body(command, exit_status, [options] { return trigger(*options); });
}

}  // namespace rota
