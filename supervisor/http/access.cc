#include "supervisor/http/access.h"

#include <algorithm>

#include "supervisor/http/answer.h"

namespace rota {
namespace {

constexpr std::string_view kBearer = "bearer ";

bool starts_with_bearer(const std::string& authorization) {
  return authorization.size() > kBearer.size() &&
         std::equal(kBearer.begin(), kBearer.end(), authorization.begin(), [](char expected, char found) {
           return expected == (found >= 'A' && found <= 'Z' ? static_cast<char>(found - 'A' + 'a') : found);
         });
}

}  // namespace

std::variant<std::string, HttpAnswer> Access::check(const HttpRequest& request, const std::string& scope,
                                                    std::chrono::system_clock::time_point now) const {
  if (!verifier_) return check_local(request);
  if (!starts_with_bearer(request.authorization))
    return challenge(401, "", "a token is needed: Authorization: Bearer TOKEN; rota token makes one");
  const auto verified = verifier_->verify(request.authorization.substr(kBearer.size()), now);
  if (const auto* error = std::get_if<TokenError>(&verified))
    return challenge(401, "invalid_token", error->reason);
  const auto& claims = std::get<Claims>(verified);
  if (std::find(claims.scopes.begin(), claims.scopes.end(), scope) == claims.scopes.end())
    return challenge(403, "insufficient_scope", "the token does not have the scope " + scope);
  return claims.subject;
}

std::variant<std::string, HttpAnswer> Access::check_local(const HttpRequest& request) const {
  const std::string port = ":" + std::to_string(port_);
  for (const char* name : {"localhost", "127.0.0.1", "[::1]"})
    if (request.host == name + port) {
      if (request.origin.empty() || request.origin == "http://" + request.host)
        return std::string{"unauthenticated"};
      return problem(403, "authentication is off, and the request comes from a page of another origin");
    }
  return problem(403, "authentication is off, and the Host header is no loopback name with port " +
                          std::to_string(port_));
}

}  // namespace rota
