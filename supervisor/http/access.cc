#include "supervisor/http/access.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string_view>
#include <utility>

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

std::string scope_of(Right right) {
  switch (right) {
    case Right::none:
      return "";
    case Right::read:
      return "read";
    case Right::run:
      return "run";
    case Right::admin:
      return "admin";
  }
  return "";
}

// What a caller has of whom it is known that it may do everything.
std::vector<std::string> all_scopes() { return {kScopes.begin(), kScopes.end()}; }

struct Asking {
  const HttpRequest& request;
  Right right;
  std::chrono::system_clock::time_point now;

  std::variant<Caller, HttpAnswer> operator()(const ByToken& access) const {
    if (right == Right::none) return Caller{};
    const std::string& field = request.authorization;
    if (field.size() <= kBearer.size() || lower_case(field.substr(0, kBearer.size())) != kBearer)
      return challenge(401, "", "a token is needed: Authorization: Bearer TOKEN");
    auto verified = access.verifier.verify(field.substr(kBearer.size()), now);
    if (const auto* error = std::get_if<TokenError>(&verified))
      return challenge(401, "invalid_token", error->reason);
    auto& claims = std::get<Claims>(verified);
    return Caller{std::move(claims.subject), std::move(claims.scopes)};
  }

  std::variant<Caller, HttpAnswer> operator()(const OnLoopback& access) const {
    if (!is_loopback_host(request.host, access.port))
      return problem(403, "authentication is off, and the Host field is no loopback name with port " +
                              std::to_string(access.port));
    if (!request.origin.empty() && lower_case(request.origin) != "http://" + lower_case(request.host))
      return problem(403, "authentication is off, and the request comes from a page of another origin");
    // A request for an image or a link has no Origin, but browsers say where it comes from.
    if (!request.fetch_site.empty() && request.fetch_site != "same-origin" && request.fetch_site != "none")
      return problem(403, "authentication is off, and the request comes from a page of another site");
    return Caller{"unauthenticated", all_scopes()};
  }

  std::variant<Caller, HttpAnswer> operator()(const ByLocalUser& access) const {
    const LocalUser user = request.user.value_or(LocalUser{"unknown", false});
    if (user.may_control) return Caller{"local:" + user.name, all_scopes()};
    std::string detail = user.name + " may not use the control socket: expected root, the supervisor's user";
    if (!access.group.empty())
      detail += " or a member of the group " + access.group + "; usermod --append --groups " + access.group +
                " " + user.name + " makes it one";
    return problem(403, detail);
  }
};

}  // namespace

std::variant<Caller, HttpAnswer> check_access(const Access& access, const HttpRequest& request, Right right,
                                              std::chrono::system_clock::time_point now) {
  auto asked = std::visit(Asking{request, right, now}, access);
  const auto* caller = std::get_if<Caller>(&asked);
  if (!caller || right == Right::none) return asked;
  const std::string scope = scope_of(right);
  if (std::find(caller->scopes.begin(), caller->scopes.end(), scope) == caller->scopes.end())
    return challenge(403, "insufficient_scope", "the token does not have the scope " + scope);
  return asked;
}

}  // namespace rota
