#include "supervisor/cli/token_command.h"

#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/configuration/load_configuration.h"
#include "common/file/secrecy.h"
#include "common/schedule/zoned_text.h"
#include "common/text/nearest_word.h"
#include "common/time/duration.h"
#include "supervisor/cli/printable.h"
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
  bool json = false;
};

// A token that allows nothing, or what is no right, would be told apart only once it is refused.
void check_scope(const std::string& scope) {
  const std::vector<std::string> known{kScopes.begin(), kScopes.end()};
  const std::string expected =
      "--scope \"" + scope + "\": expected one or more of read, run and admin, with spaces between";
  const std::vector<std::string> words = scopes_of(scope);
  if (words.empty()) throw WrongOption{expected};
  const auto unknown = std::find_if(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(known.begin(), known.end(), word) == known.end();
  });
  if (unknown != words.end())
    throw WrongOption{expected + ", found " + *unknown + suggestion(*unknown, known)};
}

// As the supervisor refuses it.
void check_secret_file(const std::string& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return;
  if (const std::string fault = secrecy_fault(status, file); !fault.empty())
    throw std::invalid_argument{"--secret-file " + file + ": " + fault};
}

std::chrono::seconds validity(const std::string& expires) {
  const auto valid_for = parse_duration(expires);
  if (!valid_for || valid_for->count() < 1000)
    throw WrongOption{"--expires \"" + expires +
                      "\": expected a duration of at least a second, such as 1h or \"30 days\""};
  return std::chrono::floor<std::chrono::seconds>(*valid_for);
}

HttpConfiguration issuer_of(const TokenOptions& options) {
  if (options.secret_file.empty())
    return load_configuration(options.configuration, process_environment()).http;
  check_secret_file(options.secret_file);
  HttpConfiguration http;
  http.key_file = options.secret_file;
  return http;
}

void print_token(const TokenOptions& options) {
  check_scope(options.scope);
  const std::chrono::seconds valid_for = validity(options.expires);
  const HttpConfiguration http = issuer_of(options);
  if (http.algorithm != TokenAlgorithm::hs256)
    throw std::invalid_argument{
        options.configuration +
        ": http.jwt.algorithm is not HS256; such tokens are minted by who holds the private key"};
  const TokenRequest request{options.subject,
                             options.scope,
                             http.audience,
                             http.issuer,
                             std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
                             valid_for};
  const std::string token = mint_token(read_token_key(http.key_file, TokenAlgorithm::hs256), request);
  if (options.json)
    std::cout << boost::json::serialize(boost::json::object{
        {"token", token}, {"expires_at", rfc3339_in("UTC", request.issued_at + request.valid_for)}});
  else
    std::cout << token;
  std::cout << '\n';
}

}  // namespace

void add_token_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<TokenOptions>();
  const Subcommand command = app.add("token", "Mint a token for the HTTP interface (HS256)");
  command.option("--sub", options->subject, "Who holds the token; recorded with what they trigger")
      .required()
      .not_empty();
  command.option("--scope", options->scope, "What it allows: words of read, run and admin").show_default();
  command.option("--expires", options->expires, "How long it is valid").show_default();
  const auto configuration = command.option("--config", options->configuration,
                                            "The supervisor's configuration, which names the secret");
  configuration.from_environment("ROTA_CONFIG").show_default();
  command.option("--secret-file", options->secret_file, "The secret, without a configuration");
  command.flag("--json", options->json, "Print an object with token and expires_at");
  command.callback([options, &exit_status] {
    try {
      print_token(*options);
    } catch (const std::exception& error) {
      std::cerr << "rota token: " << printable_text(error.what()) << '\n';
      exit_status = 2;
    }
  });
}

}  // namespace rota
