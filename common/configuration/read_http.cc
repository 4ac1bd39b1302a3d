#include "common/configuration/read_http.h"

#include <algorithm>

#include "common/configuration/loopback.h"
#include "common/configuration/secret_file.h"

namespace rota {
namespace {

void read_listen(TableReader& reader, HttpConfiguration& http) {
  const auto listen = reader.text("listen");
  if (!listen) return;
  const auto colon = listen->rfind(':');
  std::string address = listen->substr(0, std::min(colon, listen->size()));
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  const std::string port = colon == std::string::npos ? "" : listen->substr(colon + 1);
  const bool digits =
      !port.empty() && port.size() <= 5 &&
      std::all_of(port.begin(), port.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
  if (address.empty() || !digits || std::stoi(port) > 65535)
    return reader.fault("listen",
                        "expected an address and a port, such as \"127.0.0.1:8642\" or \"[::1]:8642\"");
  http.address = address;
  http.port = static_cast<std::uint16_t>(std::stoi(port));
}

void read_token_keys(TableReader reader, const Environment& environment, HttpConfiguration& http) {
  const auto algorithm = reader.one_of("algorithm", {"HS256", "RS256", "ES256"});
  http.algorithm = static_cast<TokenAlgorithm>(algorithm.value_or(0));
  const bool symmetric = http.algorithm == TokenAlgorithm::hs256;
  const auto secret = read_key_path(reader, "secret_file", environment);
  const auto key = read_key_path(reader, "public_key_file", environment);
  const char* wanted = symmetric ? "secret_file" : "public_key_file";
  const char* other = symmetric ? "public_key_file" : "secret_file";
  http.key_file = (symmetric ? secret : key).value_or("");
  if (reader.has(other)) reader.fault(other, std::string{"expected "} + wanted + " with this algorithm");
  if (!http.key_file.empty() && symmetric) check_secret(reader, wanted, http.key_file);
  if (http.key_file.empty() && http.enabled && !http.disable_auth && !reader.has(wanted))
    reader.fault(wanted,
                 symmetric ? "expected a file with a secret of at least 32 bytes, by which tokens are signed"
                           : "expected a file with the public key in PEM form");
  http.audience = reader.text("audience").value_or(http.audience);
  http.issuer = reader.text("issuer").value_or(http.issuer);
  reader.finish();
}

}  // namespace

void read_http(TableReader reader, const Environment& environment, Problems& problems,
               HttpConfiguration& http) {
  http.enabled = reader.boolean("enabled").value_or(true);
  read_listen(reader, http);
  http.port_file = reader.path("port_file").value_or("");
  http.disable_auth = reader.boolean("disable_auth").value_or(false);
  if (const auto variable = environment.find("DISABLE_AUTH"); variable != environment.end()) {
    if (variable->second != "true" && variable->second != "false")
      problems.add("environment variable DISABLE_AUTH: found \"" + variable->second +
                   "\", expected true or false");
    http.disable_auth = variable->second == "true";
  }
  if (http.disable_auth && !is_loopback(http.address))
    problems.add("http.listen: authentication is disabled, and " + http.address +
                 " is no loopback address; listen on 127.0.0.1 or remove disable_auth and DISABLE_AUTH");
  read_token_keys(reader.table("jwt"), environment, http);
  reader.finish();
}

}  // namespace rota
