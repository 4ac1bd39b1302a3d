// One connection: requests in, answers out, within bounds of size and time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>

#include "supervisor/http/message.h"

namespace rota {

// Answers one request; calls the function once, on the loop's thread.
using Answerer = std::function<void(const HttpRequest&, std::function<void(HttpAnswer)>)>;

// Serves the connection until it ends. `answerer` outlives it.
boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket, const Answerer& answerer);

// Says that there are too many connections, and ends this one.
boost::asio::awaitable<void> turn_away(boost::asio::ip::tcp::socket socket);

}  // namespace rota
