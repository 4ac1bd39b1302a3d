#include "supervisor/cli/token_command.h"

#include <chrono>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include "common/configuration/load_configuration.h"
#include "common/time/duration.h"
#include "supervisor/token/token.h"
#include "supervisor/token/token_key.h"

namespace rota {
namespace {

struct TokenOptions {
  std::string subject;
  std::string scope = "run read";
  std::string expires = "1h";
  std::string configuration = "/etc/rota/rota.toml";
  std::string secret_file;
};

void print_token(const TokenOptions& options) {
  HttpConfiguration http;
  if (options.secret_file.empty())
    http = load_configuration(options.configuration, process_environment()).http;
  else
    http.key_file = options.secret_file;
  if (http.algorithm != TokenAlgorithm::hs256)
    throw std::invalid_argument{
        options.configuration +
        ": http.jwt.algorithm is not HS256; such tokens are minted by who holds the private key"};
  const auto valid_for = parse_duration(options.expires);
  if (!valid_for || valid_for->count() < 1000)
    throw std::invalid_argument{"--expires \"" + options.expires +
                                "\": expected a duration of at least a second, such as 1h or \"30 days\""};
  for (const char letter : options.scope)
    if (letter != ' ' && (letter < 'a' || letter > 'z'))
      throw std::invalid_argument{"--scope \"" + options.scope +
                                  "\": expected words such as run and read with spaces between"};
  TokenRequest request{options.subject,
                       options.scope,
                       http.audience,
                       http.issuer,
                       std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
                       std::chrono::floor<std::chrono::seconds>(*valid_for)};
  std::cout << mint_token(read_token_key(http.key_file, TokenAlgorithm::hs256), request) << '\n';
}

}  // namespace

void add_token_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<TokenOptions>();
  const Subcommand command = app.add("token", "Mint a token for the HTTP interface (HS256)");
  command.option("--sub", options->subject, "Who holds the token; recorded with what they trigger")
      .required();
  command.option("--scope", options->scope, "What it allows: run, read, or both").show_default();
  command.option("--expires", options->expires, "How long it is valid").show_default();
  const auto configuration = command.option("--config", options->configuration,
                                            "The supervisor's configuration, which names the secret");
  configuration.from_environment("ROTA_CONFIG").show_default();
  command.option("--secret-file", options->secret_file, "The secret, without a configuration");
  command.callback([options, &exit_status] {
    try {
      print_token(*options);
    } catch (const std::exception& error) {
      std::cerr << "rota token: " << error.what() << '\n';
      exit_status = 2;
    }
  });
}

}  // namespace rota
