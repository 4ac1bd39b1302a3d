#include "supervisor/http/http_server.h"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <stdexcept>

#include "supervisor/http/access.h"
#include "supervisor/http/api.h"
#include "supervisor/http/session.h"

namespace rota {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr int kMostConnections = 256;
// Descriptors may be short for a moment, and trying again at once would only burn time.
constexpr std::chrono::milliseconds kWaitAfterError{100};

tcp::acceptor listen(asio::io_context& loop, const HttpConfiguration& configuration) {
  try {
    const tcp::endpoint endpoint{asio::ip::make_address(configuration.address), configuration.port};
    return tcp::acceptor{loop, endpoint, true};
  } catch (const std::exception& error) {
    throw std::runtime_error{"http.listen " + configuration.address + ":" +
                             std::to_string(configuration.port) + ": " + error.what()};
  }
}

}  // namespace

struct HttpServer::Listener : std::enable_shared_from_this<HttpServer::Listener> {
  Listener(asio::io_context& loop, const HttpConfiguration& configuration,
           std::optional<TokenVerifier> verifier, SchedulerApi& scheduler)
      : acceptor{listen(loop, configuration)},
        access{std::move(verifier), acceptor.local_endpoint().port()},
        answerer{[this, &scheduler](const HttpRequest& request, std::function<void(HttpAnswer)> done) {
          answer_request(request, access, scheduler, std::move(done));
        }} {}

  asio::awaitable<void> accept_connections() {
    asio::steady_timer pause{acceptor.get_executor()};
    while (acceptor.is_open()) {
      auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
      if (error == asio::error::operation_aborted) co_return;
      if (error) {
        spdlog::warn("http: a connection could not be taken: {}", error.message());
        pause.expires_after(kWaitAfterError);
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
        continue;
      }
      begin(std::move(socket));
    }
  }

  void begin(tcp::socket socket) {
    auto session =
        connections < kMostConnections ? serve(std::move(socket), answerer) : turn_away(std::move(socket));
    ++connections;
    asio::co_spawn(acceptor.get_executor(), std::move(session),
                   [self = shared_from_this()](const std::exception_ptr& error) {
                     --self->connections;
                     if (!error) return;
                     try {
                       std::rethrow_exception(error);
                     } catch (const std::exception& what) {
                       spdlog::error("http: a connection ended with {}", what.what());
                     }
                   });
  }

  tcp::acceptor acceptor;
  Access access;
  Answerer answerer;
  int connections = 0;
};

HttpServer::HttpServer(asio::io_context& loop, const HttpConfiguration& configuration,
                       std::optional<TokenVerifier> verifier, SchedulerApi& scheduler)
    : listener_{std::make_shared<Listener>(loop, configuration, std::move(verifier), scheduler)} {
  asio::co_spawn(loop, listener_->accept_connections(), [listener = listener_](const std::exception_ptr&) {});
}

HttpServer::~HttpServer() { stop(); }

std::uint16_t HttpServer::port() const { return listener_->acceptor.local_endpoint().port(); }

void HttpServer::stop() {
  boost::system::error_code ignored;
  listener_->acceptor.close(ignored);
}

}  // namespace rota
