#include "supervisor/client/advice.h"

#include <boost/json.hpp>
#include <cerrno>
#include <system_error>

namespace rota {
namespace {

constexpr std::string_view kHowToJoin =
    "ask as root, or join the supervisor's group (adduser USER rota) and log in anew";

std::string detail_of(const Endpoint& endpoint, int status, std::string_view body) {
  std::error_code failed;
  const boost::json::value value = boost::json::parse({body.data(), body.size()}, failed);
  if (!failed && value.is_object())
    if (const auto* detail = value.as_object().if_contains("detail"); detail && detail->is_string())
      return std::string{detail->as_string()};
  return (endpoint.socket.empty() ? endpoint.url : endpoint.socket) + " answered with status " +
         std::to_string(status) + " and no reason; is a supervisor there?";
}

bool is_about_a_run(std::string_view target) { return target.find("/scheduler/runs/") != target.npos; }

std::string next_step(const Endpoint& endpoint, int status, std::string_view target) {
  switch (status) {
    case 401:
      return "give a valid token with --token-file FILE or ROTA_TOKEN_FILE; rota token mints one";
    case 403:
      return endpoint.socket.empty()
                 ? "rota token --scope \"run read admin\" mints a token that may do everything"
                 : std::string{kHowToJoin};
    case 404:
      return is_about_a_run(target) ? "rota runs shows the runs" : "rota jobs shows the jobs";
    case 409:
      return is_about_a_run(target)
                 ? "rota runs shows how it ended"
                 : "rota runs --state running shows what is active, rota cancel ID ends it";
    default:
      return {};
  }
}

}  // namespace

std::string unreachable_text(const Endpoint& endpoint, int error_number, std::string_view reason) {
  if (endpoint.socket.empty())
    return "no supervisor answers at " + endpoint.url + ": " + std::string{reason} +
           "; check the URL, and http.listen in the supervisor's configuration";
  const std::string what = "no supervisor answers at " + endpoint.socket + ": ";
  constexpr std::string_view kStart =
      "rotad does not run there; start it with systemctl start rotad, or name another place with "
      "--socket PATH or --url URL";
  if (error_number == ENOENT) return what + "there is no such socket, so " + std::string{kStart};
  if (error_number == ECONNREFUSED) return what + "nobody listens, so " + std::string{kStart};
  if (error_number == EACCES) return what + "this user may not open the socket; " + std::string{kHowToJoin};
  return what + (error_number != 0 ? std::generic_category().message(error_number) : std::string{reason});
}

std::string refused_text(const Endpoint& endpoint, int status, std::string_view target,
                         std::string_view body) {
  std::string text = detail_of(endpoint, status, body);
  const std::string next = next_step(endpoint, status, target);
  return next.empty() ? text : text + "; " + next;
}

}  // namespace rota
