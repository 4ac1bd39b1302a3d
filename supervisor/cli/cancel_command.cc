#include "supervisor/cli/cancel_command.h"

#include <cstdint>
#include <iostream>
#include <memory>

#include "supervisor/cli/client_command.h"

namespace rota {
namespace {

struct CancelOptions {
  ClientOptions client;
  std::int64_t id = 0;
};

int cancel(const CancelOptions& options) {
  Client client{choose_endpoint(options.client.endpoint)};
  const std::string id = std::to_string(options.id);
  const ClientAnswer answer = client.post("/scheduler/runs/" + id + "/cancel");
  if (options.client.json)
    std::cout << answer.body;
  else
    std::cout << "run " << id << " was asked to end; rota logs -f " << id << " shows when it has\n";
  return 0;
}

}  // namespace

void add_cancel_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<CancelOptions>();
  const Subcommand command =
      add_client_command(app, "cancel", "End a run, or take it out of the queue", options->client);
  command.option("id", options->id, "Id of the run").required().positive();
  set_body(command, exit_status, [options] { return cancel(*options); });
}

}  // namespace rota
