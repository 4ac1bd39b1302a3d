#include "supervisor/cli/token_command.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <iterator>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/configuration/load_configuration.h"
#include "common/time/duration.h"
#include "supervisor/cli/start_option.h"
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

// A token that allows nothing, or names nobody, would be told apart only once it is refused.
void check_words(const TokenOptions& options) {
  if (options.subject.empty()) throw WrongOption{"--sub \"\": expected the name of who holds the token"};
  std::istringstream words{options.scope};
  const std::vector<std::string> scopes{std::istream_iterator<std::string>{words}, {}};
  const bool known = std::all_of(scopes.begin(), scopes.end(), [](const std::string& word) {
    return std::find(kScopes.begin(), kScopes.end(), word) != kScopes.end();
  });
  if (scopes.empty() || !known)
    throw WrongOption{"--scope \"" + options.scope +
                      "\": expected one or more of read, run and admin, with spaces between"};
}

std::chrono::seconds validity(const std::string& expires) {
  const auto valid_for = parse_duration(expires);
  if (!valid_for || valid_for->count() < 1000)
    throw WrongOption{"--expires \"" + expires +
                      "\": expected a duration of at least a second, such as 1h or \"30 days\""};
  return std::chrono::floor<std::chrono::seconds>(*valid_for);
}

void print_token(const TokenOptions& options) {
  check_words(options);
  const std::chrono::seconds valid_for = validity(options.expires);
  HttpConfiguration http;
  if (options.secret_file.empty())
    http = load_configuration(options.configuration, process_environment()).http;
  else
    http.key_file = options.secret_file;
  if (http.algorithm != TokenAlgorithm::hs256)
    throw std::invalid_argument{
        options.configuration +
        ": http.jwt.algorithm is not HS256; such tokens are minted by who holds the private key"};
  TokenRequest request{options.subject,
                       options.scope,
                       http.audience,
                       http.issuer,
                       std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
                       valid_for};
  std::cout << mint_token(read_token_key(http.key_file, TokenAlgorithm::hs256), request) << '\n';
}

}  // namespace

void add_token_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<TokenOptions>();
  const Subcommand command = app.add("token", "Mint a token for the HTTP interface (HS256)");
  command.option("--sub", options->subject, "Who holds the token; recorded with what they trigger")
      .required();
  command.option("--scope", options->scope, "What it allows: words of read, run and admin").show_default();
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
