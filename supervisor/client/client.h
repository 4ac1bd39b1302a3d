// A connection to a running supervisor: what the commands of `rota` ask through. One
// thread; the connection is kept between requests.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "supervisor/client/endpoint.h"

namespace rota {

struct ClientAnswer {
  std::string body;
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case
};

// Every request blocks until its answer is complete, and throws ClientError (unreachable)
// if none comes, Refused if its status is not 2xx. A target is a path with its query, its
// parts made by `percent_encoded`.
class Client {
 public:
  explicit Client(Endpoint endpoint);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  ClientAnswer get(const std::string& target);
  // `body` is JSON; empty: none is sent.
  ClientAnswer post(const std::string& target, const std::string& body = {});
  // A GET whose body is written to `descriptor`, which stays the caller's. Throws
  // std::system_error if that cannot be written.
  void download(const std::string& target, int descriptor);

 private:
  struct Transfer;
  void perform(const std::string& target, std::chrono::seconds longest, Transfer& transfer);

  Endpoint endpoint_;
  std::unique_ptr<void, void (*)(void*)> handle_;  // CURL
};

// RFC 3986: every byte but unreserved letters as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace rota
