// The HTTP server: listens over TCP or on the control socket, bounds how many connections
// there are at once, and ends them. A daemon has one of each.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/configuration/configuration.h"
#include "common/file/descriptor.h"
#include "supervisor/http/control_socket.h"
#include "supervisor/http/http_limits.h"
#include "supervisor/http/scheduler_api.h"
#include "supervisor/token/token.h"

namespace rota {

class HttpServer {
 public:
  // Listens from now on; answers once `loop` runs. Without a verifier authentication is
  // off. `loop` and `scheduler` outlive the server, and `loop` is not run after it. Throws
  // std::runtime_error that names address and port where they cannot be listened on, or
  // where authentication is off and the address is not loopback.
  HttpServer(boost::asio::io_context& loop, const HttpConfiguration& configuration,
             std::optional<TokenVerifier> verifier, SchedulerApi& scheduler, HttpLimits limits = {});

  // The same on a TCP socket that listens already, in place of the configuration's address and port.
  HttpServer(boost::asio::io_context& loop, Descriptor listening, std::optional<TokenVerifier> verifier,
             SchedulerApi& scheduler, HttpLimits limits = {});

  // The same on the control socket, where the kernel says who asks. Throws
  // boost::system::system_error where the system refuses.
  HttpServer(boost::asio::io_context& loop, ControlSocket socket, SchedulerApi& scheduler,
             HttpLimits limits = {});
  ~HttpServer();

  // Address and port it listens on, also where the configuration says 0; empty and 0 on the control socket.
  std::string address() const;
  std::uint16_t port() const;

  // Takes no more connections and removes the control socket. Whoever was let in is still answered, once, if
  // the request comes within HttpLimits::stop; connections that only wait for a further request are closed.
  // `ended`, if there is one, is called when the last connection is, on the loop. Only the first call counts.
  void stop(std::function<void()> ended = {});

 private:
  class Listener;
  std::shared_ptr<Listener> listener_;
};

}  // namespace rota
