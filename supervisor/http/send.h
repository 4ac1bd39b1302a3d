// Writes one answer to a connection.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>

#include "supervisor/http/message.h"

namespace rota {

// How the client asked to be answered.
struct ReplyForm {
  unsigned version = 11;  // 10 for HTTP/1.0
  bool keep_alive = false;
  bool header_only = false;  // to HEAD
};

// True once the whole answer has left. A file is read in small pieces while it is sent,
// as much of it as there was at the beginning; one that cannot be opened is answered
// by 404. `limit` is for each piece. `answer` lives until the end.
boost::asio::awaitable<bool> send_answer(boost::beast::tcp_stream& stream, const HttpAnswer& answer,
                                         ReplyForm form, std::chrono::milliseconds limit);

}  // namespace rota
