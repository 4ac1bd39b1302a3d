// A request and its answer as values, without sockets or Beast.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "supervisor/http/open_file.h"

namespace rota {

// Who asks over the control socket, as the kernel says.
struct LocalUser {
  std::string name;          // of the account; its number if it has no name
  bool may_control = false;  // root, the supervisor's own user or a member of the control group
};

struct HttpRequest {
  std::string method;
  std::string target;  // as in the request line
  std::string authorization;
  std::string host;
  std::string origin;
  std::string fetch_site;  // Sec-Fetch-Site, which browsers set and no page can
  std::string content_type;
  std::string body;
  std::optional<LocalUser> user;  // only over the control socket
};

struct HttpAnswer {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<FilePart> file;  // its content is the body
};

}  // namespace rota
