#include "supervisor/http/access.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string_view>

#include "supervisor/http/answer.h"
#include "supervisor/http/words.h"

namespace rota {
namespace {

constexpr std::string_view kBearer = "bearer ";
constexpr std::uint16_t kPortOfHttp = 80;

// An address can be no other machine's name, whatever a name server answers.
bool is_loopback(const std::string& name) {
  if (lower_case(name) == "localhost" || name == "[::1]") return true;
  in_addr address{};
  constexpr std::uint32_t kNetwork = 127;
  return inet_pton(AF_INET, name.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == kNetwork;
}

// Host is name or name:port, RFC 9110, section 7.2.
bool is_loopback_host(const std::string& host, std::uint16_t port) {
  if (port == kPortOfHttp && is_loopback(host)) return true;
  const auto colon = host.rfind(':');
  return colon != std::string::npos && host.substr(colon + 1) == std::to_string(port) &&
         is_loopback(host.substr(0, colon));
}

}  // namespace

std::variant<std::string, HttpAnswer> Access::check(const HttpRequest& request, Right right,
                                                    std::chrono::system_clock::time_point now) const {
  if (!verifier_) return check_local(request);
  if (right == Right::none) return std::string{};
  const std::string& field = request.authorization;
  if (field.size() <= kBearer.size() || lower_case(field.substr(0, kBearer.size())) != kBearer)
    return challenge(401, "", "a token is needed: Authorization: Bearer TOKEN; rota token makes one");
  const auto verified = verifier_->verify(field.substr(kBearer.size()), now);
  if (const auto* error = std::get_if<TokenError>(&verified))
    return challenge(401, "invalid_token", error->reason);
  const auto& claims = std::get<Claims>(verified);
  const std::string scope = right == Right::run ? "run" : "read";
  if (std::find(claims.scopes.begin(), claims.scopes.end(), scope) == claims.scopes.end())
    return challenge(403, "insufficient_scope", "the token does not have the scope " + scope);
  return claims.subject;
}

std::variant<std::string, HttpAnswer> Access::check_local(const HttpRequest& request) const {
  if (!is_loopback_host(request.host, port_))
    return problem(403, "authentication is off, and the Host field is no loopback name with port " +
                            std::to_string(port_));
  if (!request.origin.empty() && lower_case(request.origin) != "http://" + lower_case(request.host))
    return problem(403, "authentication is off, and the request comes from a page of another origin");
  return std::string{"unauthenticated"};
}

}  // namespace rota
