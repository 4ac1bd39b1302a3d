#include "supervisor/cli/reload_command.h"

#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "supervisor/cli/client_command.h"
#include "supervisor/cli/json_fields.h"
#include "supervisor/client/client_error.h"

namespace rota {
namespace {

constexpr int kUnprocessable = 422;

int reload(const ClientOptions& options) try {
  Client client{choose_endpoint(options.endpoint)};
  const ClientAnswer answer = client.post("/scheduler/reload");
  if (options.json) {
    std::cout << answer.body;
    return 0;
  }
  const auto counts = parse_object(answer.body);
  std::cout << "the configuration is in force; jobs:";
  const char* separator = " ";
  for (const char* name : {"added", "changed", "removed", "unchanged"}) {
    std::cout << separator << text_member(counts, name) << ' ' << name;
    separator = ", ";
  }
  std::cout << '\n';
  return 0;
} catch (const Refused& refused) {
  if (refused.status() != kUnprocessable) throw;
  throw Refused{kUnprocessable,
                std::string{"the configuration that was in force stays in force, because:\n"} +
                    refused.what() + "\nrota check shows whether it is mended"};
}

}  // namespace

void add_reload_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<ClientOptions>();
  const Subcommand command = add_client_command(
      app, "reload", "Read the configuration anew; it is taken whole or not at all", *options);
  set_body(command, exit_status, [options] { return reload(*options); });
}

}  // namespace rota
