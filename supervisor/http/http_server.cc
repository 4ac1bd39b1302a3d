#include "supervisor/http/http_server.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <exception>
#include <set>
#include <stdexcept>
#include <system_error>
#include <utility>

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

tcp::acceptor inherited(asio::io_context& loop, Descriptor listening, bool authenticated) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::system_error{errno, std::generic_category(), "the inherited HTTP socket"};
  tcp::acceptor acceptor{loop, address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), listening.get()};
  listening.release();
  const auto endpoint = acceptor.local_endpoint();
  if (!authenticated && !endpoint.address().is_loopback())
    throw std::runtime_error{"the inherited HTTP socket listens on " + endpoint.address().to_string() +
                             ": without authentication it must be a loopback address, such as 127.0.0.1"};
  return acceptor;
}

Access access_on(const tcp::acceptor& acceptor, std::optional<TokenVerifier> verifier) {
  if (verifier) return ByToken{*std::move(verifier)};
  return OnLoopback{acceptor.local_endpoint().port()};
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
        endpoint_{acceptor.local_endpoint()},
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

  std::string address() const { return control_socket_ ? std::string{} : endpoint_.address().to_string(); }
  std::uint16_t port() const { return endpoint_.port(); }

  void start() {
    asio::co_spawn(acceptor_.get_executor(), accept_connections(),
                   [self = shared_from_this()](const std::exception_ptr& fault) {
                     log_fault("listening", fault);
                     self->accepting_ = false;
                     self->tell_if_ended();
                   });
  }

  void stop(std::function<void()> ended) {
    if (!acceptor_.is_open()) return;
    ended_ = std::move(ended);
    if (control_socket_) control_socket_->remove();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (const auto& connection : connections_) {
      connection->last_answer = true;
      // The request of one that was never answered may be on its way, and would be lost.
      if (connection->idle && connection->answered) connection->stream.close();
    }
    stop_limit_.expires_after(limits_.stop);
    stop_limit_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (error) return;
      for (const auto& connection : self->connections_) connection->stream.close();
    });
  }

 private:
  asio::awaitable<void> accept_connections() {
    asio::steady_timer pause{acceptor_.get_executor()};
    bool failing = false;
    while (acceptor_.is_open()) {
      auto [error, socket] = co_await acceptor_.async_accept(kAsTuple);
      if (!error) {
        try_to_begin(std::move(socket));
        failing = false;
      } else if (acceptor_.is_open()) {
        // Once, and not ten times a second for as long as it lasts.
        if (!std::exchange(failing, true))
          spdlog::warn("http: connections cannot be taken, and wait: {}", error.message());
        pause.expires_after(kWaitAfterError);
        co_await pause.async_wait(kAsTuple);
      }
    }
  }

  // What one connection cannot have is no end of the listening.
  void try_to_begin(stream_protocol::socket socket) {
    try {
      begin(connection_on(std::move(socket)));
    } catch (const std::exception& error) {
      spdlog::error("http: a connection could not be served: {}", error.what());
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
      // The end of a long answer must not wait until the client acknowledges what came before.
      boost::system::error_code ignored;
      socket.set_option(tcp::no_delay{true}, ignored);
    }
    auto connection = std::make_shared<Connection>(std::move(socket));
    connection->peer = std::move(peer);
    connection->user = std::move(user);
    return connection;
  }

  void begin(const std::shared_ptr<Connection>& connection) {
    if (connections_.size() >= limits_.connections + limits_.turned_away) return;
    // It was taken just before the end.
    if (!acceptor_.is_open()) connection->last_answer = true;
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
    tell_if_ended();
  }

  void tell_if_ended() {
    if (accepting_ || !connections_.empty()) return;
    stop_limit_.cancel();
    if (ended_) std::exchange(ended_, nullptr)();
  }

  const HttpLimits limits_;
  tcp::endpoint endpoint_;
  Acceptor acceptor_;
  asio::steady_timer stop_limit_;
  Access access_;
  Answerer answerer_;
  std::optional<ControlSocket> control_socket_;
  std::set<std::shared_ptr<Connection>> connections_;
  bool accepting_ = true;
  std::function<void()> ended_;
};

HttpServer::HttpServer(asio::io_context& loop, const HttpConfiguration& configuration,
                       std::optional<TokenVerifier> verifier, SchedulerApi& scheduler, HttpLimits limits) {
  tcp::acceptor acceptor = listen(loop, configuration, verifier.has_value());
  Access access = access_on(acceptor, std::move(verifier));
  listener_ = std::make_shared<Listener>(std::move(acceptor), std::move(access), scheduler, limits);
  listener_->start();
}

HttpServer::HttpServer(asio::io_context& loop, Descriptor listening, std::optional<TokenVerifier> verifier,
                       SchedulerApi& scheduler, HttpLimits limits) {
  tcp::acceptor acceptor = inherited(loop, std::move(listening), verifier.has_value());
  Access access = access_on(acceptor, std::move(verifier));
  listener_ = std::make_shared<Listener>(std::move(acceptor), std::move(access), scheduler, limits);
  listener_->start();
}

HttpServer::HttpServer(asio::io_context& loop, ControlSocket socket, SchedulerApi& scheduler,
                       HttpLimits limits)
    : listener_{std::make_shared<Listener>(loop, std::move(socket), scheduler, limits)} {
  listener_->start();
}

HttpServer::~HttpServer() { stop(); }

std::string HttpServer::address() const { return listener_->address(); }

std::uint16_t HttpServer::port() const { return listener_->port(); }

void HttpServer::stop(std::function<void()> ended) { listener_->stop(std::move(ended)); }

}  // namespace rota
