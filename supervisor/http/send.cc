#include "supervisor/http/send.h"

#include <fmt/chrono.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>
#include <ctime>
#include <utility>

#include "supervisor/http/file_part_body.h"

namespace rota {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

// RFC 9110, section 5.6.7; written once a second.
const std::string& http_date(std::time_t now) {
  thread_local std::time_t second = -1;
  thread_local std::string text;
  if (std::exchange(second, now) != now) text = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
  return text;
}

template <typename Body>
http::response<Body> with_header(const HttpAnswer& answer, ReplyForm form) {
  http::response<Body> message;
  message.version(form.version);
  message.result(answer.status);
  message.keep_alive(form.keep_alive);
  message.set(http::field::date, http_date(std::time(nullptr)));
  message.set(http::field::content_type, answer.content_type);
  message.set(http::field::cache_control, "no-store");
  message.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : answer.headers) message.set(name, value);
  return message;
}

template <typename Body>
asio::awaitable<bool> write(Stream& stream, http::response<Body>& message, bool header_only,
                            std::chrono::milliseconds limit) {
  message.prepare_payload();
  http::response_serializer<Body> serializer{message};
  serializer.split(header_only);
  while (!(header_only ? serializer.is_header_done() : serializer.is_done())) {
    stream.expires_after(limit);
    const auto [error, size] = co_await http::async_write_some(stream, serializer, kAsTuple);
    if (error) co_return false;
  }
  co_return true;
}

}  // namespace

asio::awaitable<bool> send_answer(Stream& stream, const HttpAnswer& answer, ReplyForm form,
                                  std::chrono::milliseconds limit) {
  if (answer.file) {
    auto message = with_header<FilePartBody>(answer, form);
    message.body() = *answer.file;
    co_return co_await write(stream, message, form.header_only, limit);
  }
  auto message = with_header<http::string_body>(answer, form);
  message.body() = answer.body;
  co_return co_await write(stream, message, form.header_only, limit);
}

}  // namespace rota
