#include "supervisor/http/session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "supervisor/http/answer.h"

namespace rota {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::size_t kHeaderLimit = 8 * 1024;
constexpr std::size_t kBodyLimit = 64 * 1024;
// For a whole request to arrive, idle time before it included, and for a whole answer to leave.
constexpr std::chrono::seconds kTimeLimit{30};
constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

using Parser = http::request_parser<http::string_body>;
using TextAnswer = http::response<http::string_body>;
using FileAnswer = http::response<http::file_body>;
using HeadAnswer = http::response<http::empty_body>;

HttpRequest values_of(const http::request<http::string_body>& request) {
  HttpRequest values;
  values.method = request.method_string();
  values.target = request.target();
  values.authorization = request[http::field::authorization];
  values.host = request[http::field::host];
  values.origin = request[http::field::origin];
  values.content_type = request[http::field::content_type];
  values.body = request.body();
  return values;
}

// The answer to what could not be read; nullopt if there is nobody left to tell.
std::optional<HttpAnswer> refusal(const beast::error_code& error) {
  if (error == http::error::header_limit) return problem(431, "the header is longer than 8 KiB");
  if (error == http::error::body_limit) return problem(413, "the body is longer than 64 KiB");
  if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  if (error.category() == http::make_error_code(http::error::bad_method).category())
    return problem(400, "the request is not HTTP/1.1: " + error.message());
  return std::nullopt;
}

template <typename Answer>
void set_header(Answer& message, const HttpAnswer& answer, unsigned version, bool keep_alive) {
  message.version(version);
  message.result(answer.status);
  message.keep_alive(keep_alive);
  message.set(http::field::content_type, answer.content_type);
  message.set(http::field::cache_control, "no-store");
  message.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : answer.headers) message.set(name, value);
}

asio::awaitable<HttpAnswer> asked(const Answerer& answerer, const HttpRequest& request) {
  const auto executor = co_await asio::this_coro::executor;
  auto initiate = [&answerer, &request, executor](auto handler) {
    // The handler can be moved only, and a std::function be copied.
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    answerer(request, [shared, executor](HttpAnswer answer) {
      asio::post(executor,
                 [shared, answer = std::move(answer)]() mutable { std::move (*shared)(std::move(answer)); });
    });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(HttpAnswer)>(
      std::move(initiate), asio::use_awaitable);
}

// Each sends one answer. True if the connection can go on.
template <typename Answer>
asio::awaitable<bool> send(beast::tcp_stream& stream, Answer& message) {
  message.prepare_payload();
  http::response_serializer<typename Answer::body_type> serializer{message};
  const auto [error, size] = co_await http::async_write(stream, serializer, kAsTuple);
  co_return !error && message.keep_alive();
}

asio::awaitable<bool> send_head(beast::tcp_stream& stream, const HttpAnswer& answer, unsigned version,
                                bool keep_alive) {
  HeadAnswer message;
  set_header(message, answer, version, keep_alive);
  std::error_code ignored;
  message.content_length(answer.file.empty() ? answer.body.size()
                                             : std::filesystem::file_size(answer.file, ignored));
  http::response_serializer<http::empty_body> serializer{message};
  const auto [error, size] = co_await http::async_write(stream, serializer, kAsTuple);
  co_return !error && keep_alive;
}

asio::awaitable<bool> send_answer(beast::tcp_stream& stream, const HttpAnswer& answer, unsigned version,
                                  bool keep_alive) {
  if (answer.file.empty()) {
    TextAnswer message;
    set_header(message, answer, version, keep_alive);
    message.body() = answer.body;
    co_return co_await send(stream, message);
  }
  FileAnswer message;
  beast::error_code error;
  message.body().open(answer.file.c_str(), beast::file_mode::scan, error);
  if (error) {
    const HttpAnswer gone = problem(404, "the log cannot be read: " + error.message());
    co_return co_await send_answer(stream, gone, version, keep_alive);
  }
  set_header(message, answer, version, keep_alive);
  co_return co_await send(stream, message);
}

asio::awaitable<bool> serve_one(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                                const Answerer& answerer) {
  Parser parser;
  parser.header_limit(kHeaderLimit);
  parser.body_limit(kBodyLimit);
  stream.expires_after(kTimeLimit);
  const auto [error, size] = co_await http::async_read(stream, buffer, parser, kAsTuple);
  if (error) {
    const auto answer = refusal(error);
    if (answer) co_await send_answer(stream, *answer, 11, false);
    co_return false;
  }
  const HttpRequest request = values_of(parser.get());
  const unsigned version = parser.get().version();
  const bool keep_alive = parser.get().keep_alive();
  const HttpAnswer answer = co_await asked(answerer, request);
  stream.expires_after(kTimeLimit);
  if (request.method == "HEAD") co_return co_await send_head(stream, answer, version, keep_alive);
  co_return co_await send_answer(stream, answer, version, keep_alive);
}

}  // namespace

asio::awaitable<void> serve(tcp::socket socket, const Answerer& answerer) {
  beast::tcp_stream stream{std::move(socket)};
  beast::flat_buffer buffer{kHeaderLimit + kBodyLimit};
  while (co_await serve_one(stream, buffer, answerer)) {
  }
  beast::error_code ignored;
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

asio::awaitable<void> turn_away(tcp::socket socket) {
  beast::tcp_stream stream{std::move(socket)};
  stream.expires_after(kTimeLimit);
  const HttpAnswer answer = problem(503, "too many connections; try again later");
  co_await send_answer(stream, answer, 11, false);
}

}  // namespace rota
