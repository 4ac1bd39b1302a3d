#include "supervisor/http/http_server.h"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <set>
#include <stdexcept>

#include "supervisor/http/access.h"
#include "supervisor/http/api.h"
#include "supervisor/http/peer.h"
#include "supervisor/http/session.h"

namespace rota {
namespace {

namespace asio = boost::asio;
using asio::generic::stream_protocol;
using asio::ip::tcp;
// One kind of socket for TCP and Unix, so that everything after the listening is one code.
using Acceptor = asio::basic_socket_acceptor<stream_protocol>;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
// Descriptors may be short for a moment, and trying again at once would only burn time.
constexpr std::chrono::milliseconds kWaitAfterError{100};

tcp::acceptor listen(asio::io_context& loop, const HttpConfiguration& configuration, bool authenticated) {
  const bool version_6 = configuration.address.find(':') != std::string::npos;
  const std::string listen = "http.listen " +
                             (version_6 ? "[" + configuration.address + "]" : configuration.address) + ":" +
                             std::to_string(configuration.port);
  try {
    const auto address = asio::ip::make_address(configuration.address);
    if (!authenticated && !address.is_loopback())
      throw std::runtime_error{"without authentication it must be a loopback address, such as 127.0.0.1"};
    return tcp::acceptor{loop, tcp::endpoint{address, configuration.port}, true};
  } catch (const std::exception& error) {
    throw std::runtime_error{listen + ": " + error.what()};
  }
}

void log_fault(const char* what, const std::exception_ptr& fault) {
  try {
    if (fault) std::rethrow_exception(fault);
  } catch (const std::exception& error) {
    spdlog::error("http: {} ended: {}", what, error.what());
  }
}

}  // namespace

// Its coroutines hold it: it lives until the last connection has ended.
class HttpServer::Listener : public std::enable_shared_from_this<HttpServer::Listener> {
 public:
  Listener(tcp::acceptor acceptor, Access access, SchedulerApi& scheduler, HttpLimits limits)
      : limits_{limits},
        port_{acceptor.local_endpoint().port()},
        acceptor_{std::move(acceptor)},
        stop_limit_{acceptor_.get_executor()},
        access_{std::move(access)},
        answerer_{answerer_for(scheduler)} {}

  Listener(asio::io_context& loop, ControlSocket socket, SchedulerApi& scheduler, HttpLimits limits)
      : limits_{limits},
        acceptor_{loop, stream_protocol{AF_UNIX, 0}, socket.release()},
        stop_limit_{loop},
        access_{ByLocalUser{socket.group()}},
        answerer_{answerer_for(scheduler)},
        control_socket_{std::move(socket)} {}

  std::uint16_t port() const { return port_; }

  void start() {
    asio::co_spawn(
        acceptor_.get_executor(), accept_connections(),
        [self = shared_from_this()](const std::exception_ptr& fault) { log_fault("listening", fault); });
  }

  void stop() {
    if (!acceptor_.is_open()) return;
    if (control_socket_) control_socket_->remove();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (const auto& connection : connections_) {
      connection->last_answer = true;
      if (connection->idle) connection->stream.close();
    }
    if (connections_.empty()) return;
    stop_limit_.expires_after(limits_.stop);
    stop_limit_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (error) return;
      for (const auto& connection : self->connections_) connection->stream.close();
    });
  }

 private:
  asio::awaitable<void> accept_connections() {
    asio::steady_timer pause{acceptor_.get_executor()};
    while (acceptor_.is_open()) {
      auto [error, socket] = co_await acceptor_.async_accept(kAsTuple);
      if (!error) {
        begin(connection_on(std::move(socket)));
      } else if (acceptor_.is_open()) {
        spdlog::warn("http: a connection could not be taken: {}", error.message());
        pause.expires_after(kWaitAfterError);
        co_await pause.async_wait(kAsTuple);
      }
    }
  }

  Answerer answerer_for(SchedulerApi& scheduler) {
    return [this, &scheduler](const HttpRequest& request, std::function<void(HttpAnswer)> done) {
      answer_request(request, access_, scheduler, std::chrono::system_clock::now(), std::move(done));
    };
  }

  std::shared_ptr<Connection> connection_on(stream_protocol::socket socket) const {
    std::string peer;
    std::optional<LocalUser> user;
    if (control_socket_) {
      user = local_user_of(socket.native_handle(), control_socket_->group());
      peer = "local:" + user->name;
    } else {
      peer = address_of(socket);
    }
    auto connection = std::make_shared<Connection>(std::move(socket));
    connection->peer = std::move(peer);
    connection->user = std::move(user);
    return connection;
  }

  void begin(const std::shared_ptr<Connection>& connection) {
    if (!acceptor_.is_open() || connections_.size() >= limits_.connections + limits_.turned_away) return;
    auto session = connections_.size() < limits_.connections ? serve(connection, answerer_, limits_)
                                                             : turn_away(connection, limits_);
    connections_.insert(connection);
    asio::co_spawn(acceptor_.get_executor(), std::move(session),
                   [self = shared_from_this(), connection](const std::exception_ptr& fault) {
                     log_fault("a connection", fault);
                     self->ended(connection);
                   });
  }

  void ended(const std::shared_ptr<Connection>& connection) {
    connections_.erase(connection);
    if (connections_.empty()) stop_limit_.cancel();
  }

  const HttpLimits limits_;
  std::uint16_t port_ = 0;
  Acceptor acceptor_;
  asio::steady_timer stop_limit_;
  Access access_;
  Answerer answerer_;
  std::optional<ControlSocket> control_socket_;
  std::set<std::shared_ptr<Connection>> connections_;
};

HttpServer::HttpServer(asio::io_context& loop, const HttpConfiguration& configuration,
                       std::optional<TokenVerifier> verifier, SchedulerApi& scheduler, HttpLimits limits) {
  tcp::acceptor acceptor = listen(loop, configuration, verifier.has_value());
  Access access = OnLoopback{acceptor.local_endpoint().port()};
  if (verifier) access = ByToken{*std::move(verifier)};
  listener_ = std::make_shared<Listener>(std::move(acceptor), std::move(access), scheduler, limits);
  listener_->start();
}

HttpServer::HttpServer(asio::io_context& loop, ControlSocket socket, SchedulerApi& scheduler,
                       HttpLimits limits)
    : listener_{std::make_shared<Listener>(loop, std::move(socket), scheduler, limits)} {
  listener_->start();
}

HttpServer::~HttpServer() { stop(); }

std::uint16_t HttpServer::port() const { return listener_->port(); }

void HttpServer::stop() { listener_->stop(); }

}  // namespace rota
