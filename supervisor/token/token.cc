#include "supervisor/token/token.h"

#include <jwt.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <sstream>

#include "supervisor/token/token_key.h"

namespace rota {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestToken = 8192;
constexpr double kLeewaySeconds = 30;

using Jwt = std::unique_ptr<jwt_t, void (*)(jwt_t*)>;
using Text = std::unique_ptr<char, void (*)(void*)>;

jwt_alg_t jwt_algorithm(TokenAlgorithm algorithm) {
  switch (algorithm) {
    case TokenAlgorithm::rs256:
      return JWT_ALG_RS256;
    case TokenAlgorithm::es256:
      return JWT_ALG_ES256;
    case TokenAlgorithm::hs256:
      break;
  }
  return JWT_ALG_HS256;
}

std::optional<double> number(const json::object& claims, std::string_view name) {
  const json::value* value = claims.if_contains(name);
  if (!value || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

bool has_text(const json::object& claims, std::string_view name, const std::string& wanted) {
  const json::value* value = claims.if_contains(name);
  if (!value) return false;
  const auto equals = [&](const json::value& entry) {
    return entry.is_string() && entry.get_string() == wanted;
  };
  return value->is_array() ? std::any_of(value->get_array().begin(), value->get_array().end(), equals)
                           : equals(*value);
}

std::string text(const json::object& claims, std::string_view name) {
  const json::value* value = claims.if_contains(name);
  return value && value->is_string() ? std::string{value->get_string()} : std::string{};
}

}  // namespace

std::vector<std::string> scopes_of(const std::string& scope) {
  std::istringstream reader{scope};
  return {std::istream_iterator<std::string>{reader}, {}};
}

TokenVerifier::TokenVerifier(const HttpConfiguration& http)
    : algorithm_{http.algorithm},
      key_{read_token_key(http.key_file, http.algorithm)},
      audience_{http.audience},
      issuer_{http.issuer} {}

std::variant<Claims, TokenError> TokenVerifier::verify(const std::string& token,
                                                       std::chrono::system_clock::time_point now) const {
  if (token.size() > kLongestToken) return TokenError{"the token is too long"};
  jwt_t* decoded = nullptr;
  const int error = jwt_decode(&decoded, token.c_str(), reinterpret_cast<const unsigned char*>(key_.data()),
                               static_cast<int>(key_.size()));
  const Jwt jwt{decoded, jwt_free};
  if (error != 0 || !jwt) return TokenError{"the token is malformed or its signature is wrong"};
  // The library checked the signature by the token's own algorithm, so it counts only if that is ours, by
  // its exact name (RFC 7515, section 4.1.1), which the library takes in any case.
  const char* algorithm = jwt_get_header(jwt.get(), "alg");
  if (!algorithm || std::string_view{algorithm} != jwt_alg_str(jwt_algorithm(algorithm_)))
    return TokenError{"the token is signed by another algorithm"};
  const Text critical{jwt_get_headers_json(jwt.get(), "crit"), std::free};
  if (critical) return TokenError{"the token has critical extensions that are not understood"};
  const Text grants{jwt_get_grants_json(jwt.get(), nullptr), std::free};
  json::error_code fault;
  const json::value value = json::parse(grants ? grants.get() : "", fault);
  if (fault || !value.is_object()) return TokenError{"the token's claims are not a JSON object"};
  const json::object& claims = value.get_object();
  const double seconds = std::chrono::duration<double>(now.time_since_epoch()).count();
  const auto expires = number(claims, "exp");
  if (!expires) return TokenError{"the token has no exp claim"};
  if (seconds >= *expires + kLeewaySeconds) return TokenError{"the token has expired"};
  if (claims.contains("nbf") &&
      !(number(claims, "nbf").value_or(seconds + 2 * kLeewaySeconds) <= seconds + kLeewaySeconds))
    return TokenError{"the token is not valid yet"};
  if (!has_text(claims, "aud", audience_)) return TokenError{"the token is for another audience"};
  if (!has_text(claims, "iss", issuer_)) return TokenError{"the token is from another issuer"};
  return Claims{text(claims, "sub"), scopes_of(text(claims, "scope"))};
}

std::string mint_token(const std::string& secret, const TokenRequest& request) {
  jwt_t* made = nullptr;
  if (jwt_new(&made) != 0) throw std::bad_alloc{};
  const Jwt jwt{made, jwt_free};
  jwt_set_alg(jwt.get(), JWT_ALG_HS256, reinterpret_cast<const unsigned char*>(secret.data()),
              static_cast<int>(secret.size()));
  jwt_add_grant(jwt.get(), "sub", request.subject.c_str());
  jwt_add_grant(jwt.get(), "scope", request.scope.c_str());
  jwt_add_grant(jwt.get(), "aud", request.audience.c_str());
  jwt_add_grant(jwt.get(), "iss", request.issuer.c_str());
  jwt_add_grant_int(jwt.get(), "iat", request.issued_at.time_since_epoch().count());
  jwt_add_grant_int(jwt.get(), "exp", (request.issued_at + request.valid_for).time_since_epoch().count());
  const Text token{jwt_encode_str(jwt.get()), std::free};
  if (!token) throw std::bad_alloc{};
  return token.get();
}

}  // namespace rota
