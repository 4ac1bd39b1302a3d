// What all commands that ask the supervisor have in common: where it is, in what form the
// answer is shown, and how errors become exit statuses.
#pragma once

#include <functional>
#include <string>

#include "supervisor/cli/subcommand.h"
#include "supervisor/client/client.h"
#include "supervisor/client/endpoint.h"

namespace rota {

struct ClientOptions {
  EndpointOptions endpoint;
  bool json = false;
  bool utc = false;
};

// Adds a subcommand with --socket, --url, --token-file and --json, which fill `options`;
// that outlives `app`. --utc is for those that show times.
Subcommand add_client_command(const Subcommand& app, const std::string& name, const std::string& description,
                              ClientOptions& options);
void add_utc_option(const Subcommand& command, ClientOptions& options);

// Makes `body` what the command does: it sets `exit_status` to what `body` returns, or, with
// a message on standard error, to that of a ClientError or 1 for any other exception and
// for standard output that cannot be written. `exit_status` outlives `command`.
void set_body(const Subcommand& command, int& exit_status, std::function<int()> body);

}  // namespace rota
