// A request and its answer as values, without sockets or Beast.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace rota {

struct HttpRequest {
  std::string method;
  std::string target;  // as in the request line
  std::string authorization;
  std::string host;
  std::string origin;
  std::string content_type;
  std::string body;
};

struct HttpAnswer {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::filesystem::path file;  // not empty: its content is the body
};

}  // namespace rota
