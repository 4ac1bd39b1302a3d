#include "supervisor/cli/client_command.h"

#include <exception>
#include <iostream>
#include <utility>

#include "supervisor/cli/printable.h"
#include "supervisor/client/client_error.h"

namespace rota {
namespace {

int run_body(const std::string& name, const std::function<int()>& body) {
  // A message may hold what the supervisor answered.
  const auto say = [&](const char* message) {
    std::cout.flush();
    std::cerr << "rota " << name << ": " << printable_text(message) << '\n';
  };
  try {
    const int status = body();
    if (std::cout.flush()) return status;
    say("standard output cannot be written");
  } catch (const ClientError& error) {
    say(error.what());
    return error.exit_status();
  } catch (const std::exception& error) {
    say(error.what());
  }
  return 1;
}

}  // namespace

Subcommand add_client_command(const Subcommand& app, const std::string& name, const std::string& description,
                              ClientOptions& options) {
  const Subcommand command = app.add(name, description);
  command.option("--socket", options.endpoint.socket,
                 "The supervisor's Unix socket (default: $ROTA_SOCKET or /run/rota/rota.sock)");
  command.option("--url", options.endpoint.url,
                 "Ask over HTTP instead, such as http://127.0.0.1:8642 (default: $ROTA_URL)");
  command.option("--token-file", options.endpoint.token_file,
                 "File with the token for --url (default: $ROTA_TOKEN_FILE, or the token in $ROTA_TOKEN)");
  command.flag("--json", options.json, "Print what the supervisor answers, as JSON");
  return command;
}

void add_utc_option(const Subcommand& command, ClientOptions& options) {
  command.flag("--utc", options.utc, "Show times in UTC (default: the local zone)");
}

void set_body(const Subcommand& command, int& exit_status, std::function<int()> body) {
  command.callback(
      [&exit_status, name = command.name(), body = std::move(body)] { exit_status = run_body(name, body); });
}

}  // namespace rota
