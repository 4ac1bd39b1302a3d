// Tokens (JWT, RFC 7519) that say who may do what: made by `rota token`, checked by
// the HTTP server. Pure but for the key, which is given; any thread.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/configuration/configuration.h"

namespace rota {

// The words of a token's `scope`: each allows what its name says and nothing of the others.
inline constexpr std::array<std::string_view, 3> kScopes{"read", "run", "admin"};

// The words of a token's `scope`, whatever they are, in their order.
std::vector<std::string> scopes_of(const std::string& scope);

struct Claims {
  std::string subject;
  std::vector<std::string> scopes;
};

// Why a token is not taken, in a few words.
struct TokenError {
  std::string reason;
};

// Checks signature, `exp` (required), `nbf`, `aud` and `iss`, with 30 seconds of
// leeway for clocks that differ. The algorithm is the one of the configuration,
// whatever the token says: RFC 8725, section 3.1.
class TokenVerifier {
 public:
  // Reads the key file that the configuration names. Throws TokenKeyError.
  explicit TokenVerifier(const HttpConfiguration& http);

  std::variant<Claims, TokenError> verify(const std::string& token,
                                          std::chrono::system_clock::time_point now) const;

 private:
  TokenAlgorithm algorithm_;
  std::string key_;
  std::string audience_;
  std::string issuer_;
};

struct TokenRequest {
  std::string subject;
  std::string scope;  // words of kScopes with spaces between them
  std::string audience;
  std::string issuer;
  std::chrono::sys_seconds issued_at;
  std::chrono::seconds valid_for;
};

// A token signed by HS256. Throws std::bad_alloc at most.
std::string mint_token(const std::string& secret, const TokenRequest& request);

}  // namespace rota
