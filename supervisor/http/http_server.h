// The HTTP server: listens, and bounds how many connections there are at once.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <optional>

#include "common/configuration/configuration.h"
#include "supervisor/http/scheduler_api.h"
#include "supervisor/token/token.h"

namespace rota {

class HttpServer {
 public:
  // Listens from now on; answers once `loop` runs. Without a verifier authentication is
  // off. `loop` and `scheduler` outlive the server. Throws std::runtime_error that names
  // the address where that cannot be listened on.
  HttpServer(boost::asio::io_context& loop, const HttpConfiguration& configuration,
             std::optional<TokenVerifier> verifier, SchedulerApi& scheduler);
  ~HttpServer();

  std::uint16_t port() const;

  // Takes no more connections; answers that are under way still go out.
  void stop();

 private:
  struct Listener;
  std::shared_ptr<Listener> listener_;
};

}  // namespace rota
