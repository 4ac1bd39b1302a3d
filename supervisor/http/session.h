// One connection: requests in, answers out, within bounds of size and time. Event
// loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "supervisor/http/http_limits.h"
#include "supervisor/http/message.h"
#include "supervisor/http/send.h"

namespace rota {

// Answers one request: calls the function once, before it returns or later. The
// request lives until it returns.
using Answerer = std::function<void(const HttpRequest&, std::function<void(HttpAnswer)>)>;

struct Connection {
  explicit Connection(boost::asio::generic::stream_protocol::socket socket) : stream{std::move(socket)} {}

  Stream stream;
  std::string peer;               // for people: an address, or local:USER
  std::optional<LocalUser> user;  // of a control socket
  bool idle = true;               // no request has begun
  bool answered = false;          // there was an answer: while idle, nothing is lost if it is closed
  bool last_answer = false;       // set from outside: the next answer ends the connection
};

// Serves the connection until it ends. `answerer` and `limits` outlive it.
boost::asio::awaitable<void> serve(std::shared_ptr<Connection> connection, const Answerer& answerer,
                                   const HttpLimits& limits);

// Says that there are too many connections, and ends this one.
boost::asio::awaitable<void> turn_away(std::shared_ptr<Connection> connection, const HttpLimits& limits);

}  // namespace rota
