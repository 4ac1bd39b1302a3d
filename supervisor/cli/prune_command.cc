#include "supervisor/cli/prune_command.h"

#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "supervisor/cli/client_command.h"
#include "supervisor/cli/json_fields.h"

namespace rota {
namespace {

int prune(const ClientOptions& options) {
  Client client{choose_endpoint(options.endpoint)};
  const ClientAnswer answer = client.post("/scheduler/prune");
  if (options.json) {
    std::cout << answer.body;
    return 0;
  }
  const auto removed = parse_object(answer.body);
  std::cout << "removed " << text_member(removed, "rows") << " runs from the history and "
            << text_member(removed, "logs") << " logs\n";
  return 0;
}

}  // namespace

void add_prune_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<ClientOptions>();
  const Subcommand command =
      add_client_command(app, "prune", "Remove now what the retention rules no longer keep", *options);
  set_body(command, exit_status, [options] { return prune(*options); });
}

}  // namespace rota
