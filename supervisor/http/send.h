// Writes one answer to a connection.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <chrono>

#include "supervisor/http/message.h"

namespace rota {

// A connection of either kind: TCP or a Unix socket.
using Stream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;

// How the client asked to be answered.
struct ReplyForm {
  unsigned version = 11;  // 10 for HTTP/1.0
  bool keep_alive = false;
  bool header_only = false;  // to HEAD
};

// True once the whole answer has left. A file is read in small pieces while it is sent.
// `limit` is for each piece. `answer` lives until the end.
boost::asio::awaitable<bool> send_answer(Stream& stream, const HttpAnswer& answer, ReplyForm form,
                                         std::chrono::milliseconds limit);

}  // namespace rota
