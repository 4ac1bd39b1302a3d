#include "supervisor/http/session.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <string_view>
#include <variant>

#include "common/protocol/utf8.h"
#include "supervisor/http/answer.h"
#include "supervisor/http/routes.h"

namespace rota {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

using Parser = http::request_parser<http::string_body>;

struct Received {
  HttpRequest request;
  ReplyForm form;
};
struct Gone {};  // there is nobody left to answer
using Reading = std::variant<Gone, Received, HttpAnswer>;

HttpRequest values_of(const http::request<http::string_body>& message) {
  HttpRequest request;
  request.method = message.method_string();
  request.target = message.target();
  request.authorization = message[http::field::authorization];
  request.host = message[http::field::host];
  request.origin = message[http::field::origin];
  request.content_type = message[http::field::content_type];
  request.body = message.body();
  return request;
}

// The answer to what could not be read.
Reading refusal(const beast::error_code& error, const HttpLimits& limits) {
  const auto kib = [](std::size_t bytes) { return std::to_string(bytes / 1024) + " KiB"; };
  if (error == http::error::header_limit)
    return problem(431, "the header is longer than " + kib(limits.header_bytes));
  if (error == http::error::body_limit)
    return problem(413, "the body is longer than " + kib(limits.body_bytes));
  if (error == http::error::end_of_stream || error == http::error::partial_message) return Gone{};
  if (error.category() == http::make_error_code(http::error::bad_method).category())
    return problem(400, "the request is not HTTP/1.1: " + error.message());
  return Gone{};
}

// RFC 9112, section 3.2, for Host; of the others a second one would only hide the first
// from what stands in front of this server.
std::optional<HttpAnswer> wrong_fields(const http::request_header<>& header) {
  const auto hosts = header.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && header.version() > 10))
    return problem(400, "header: expected one Host field, found " + std::to_string(hosts));
  for (const auto field : {http::field::authorization, http::field::origin, http::field::content_type})
    if (header.count(field) > 1)
      return problem(400, "header: expected at most one field " + std::string{http::to_string(field)});
  return std::nullopt;
}

asio::awaitable<Reading> read_request(Stream& stream, beast::flat_buffer& buffer, const HttpLimits& limits) {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  parser.body_limit(limits.body_bytes);
  stream.expires_after(limits.header);
  const auto [header_error, header_size] = co_await http::async_read_header(stream, buffer, parser, kAsTuple);
  if (header_error) co_return refusal(header_error, limits);
  if (auto wrong = wrong_fields(parser.get())) co_return *std::move(wrong);
  stream.expires_after(limits.body);
  if (beast::iequals(parser.get()[http::field::expect], "100-continue") && !parser.is_done()) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto message = asio::buffer(kContinue);
    const auto [error, size] = co_await asio::async_write(stream, message, kAsTuple);
    if (error) co_return Gone{};
  }
  const auto [error, size] = co_await http::async_read(stream, buffer, parser, kAsTuple);
  if (error) co_return refusal(error, limits);
  Received received;
  received.request = values_of(parser.get());
  received.form.version = parser.get().version();
  received.form.keep_alive = parser.keep_alive();
  received.form.header_only = received.request.method == "HEAD";
  co_return received;
}

// Waits for the first byte of a request.
asio::awaitable<bool> request_begins(Stream& stream, beast::flat_buffer& buffer, const HttpLimits& limits) {
  constexpr std::size_t kPiece = 4096;
  stream.expires_after(limits.idle);
  const auto space = buffer.prepare(kPiece);
  const auto [error, size] = co_await stream.async_read_some(space, kAsTuple);
  buffer.commit(size);
  co_return !error;
}

// What the answerer says, or that it says nothing in time.
asio::awaitable<HttpAnswer> answer_to(const HttpRequest& request, const Answerer& answerer,
                                      const HttpLimits& limits) {
  struct Waiting {
    asio::steady_timer limit;
    std::optional<HttpAnswer> answer;
  };
  const auto executor = co_await asio::this_coro::executor;
  const auto limit = is_lengthy(request.target) ? limits.lengthy_answer : limits.answer;
  const auto waiting = std::make_shared<Waiting>(Waiting{asio::steady_timer{executor, limit}, {}});
  try {
    answerer(request, [waiting](HttpAnswer answer) {
      waiting->answer = std::move(answer);
      waiting->limit.cancel();
    });
  } catch (const std::exception& error) {
    spdlog::error("http: {} {}: {}", request.method, to_valid_utf8(request.target), error.what());
    co_return problem(500, "the supervisor could not answer; its log says why");
  }
  if (!waiting->answer) co_await waiting->limit.async_wait(kAsTuple);
  const HttpAnswer late =
      problem(503, "the supervisor did not answer in time; what was asked for may still happen");
  co_return std::move(waiting->answer).value_or(late);
}

// People read the log of what was refused or changed; that something was read is a detail.
void log_access(const std::string& peer, const HttpRequest& request, const HttpAnswer& answer) {
  const bool refused = answer.status == 401 || answer.status == 403;
  const bool only_read = answer.status < 400 && (request.method == "GET" || request.method == "HEAD");
  const auto level = refused ? spdlog::level::warn : only_read ? spdlog::level::debug : spdlog::level::info;
  spdlog::log(level, "http: {} {} from {}: {}", request.method, to_valid_utf8(request.target), peer,
              answer.status);
}

// True if the connection can take a further request.
asio::awaitable<bool> serve_one(Connection& connection, beast::flat_buffer& buffer, const Answerer& answerer,
                                const HttpLimits& limits) {
  connection.idle = buffer.size() == 0;
  if (connection.idle && !co_await request_begins(connection.stream, buffer, limits)) co_return false;
  connection.idle = false;
  Reading reading = co_await read_request(connection.stream, buffer, limits);
  if (const auto* refused = std::get_if<HttpAnswer>(&reading)) {
    const ReplyForm last;
    co_await send_answer(connection.stream, *refused, last, limits.write);
    co_return false;
  }
  auto* received = std::get_if<Received>(&reading);
  if (!received) co_return false;
  received->request.user = connection.user;
  const HttpAnswer answer = co_await answer_to(received->request, answerer, limits);
  log_access(connection.peer, received->request, answer);
  ReplyForm form = received->form;
  if (connection.last_answer) form.keep_alive = false;
  const bool sent = co_await send_answer(connection.stream, answer, form, limits.write);
  connection.answered = true;
  co_return sent&& form.keep_alive;
}

// Closing while there is something unread would reset the connection, and the client
// could lose the answer: RFC 9112, section 9.6.
asio::awaitable<void> end(Stream& stream, const HttpLimits& limits) {
  beast::error_code ignored;
  stream.socket().shutdown(asio::socket_base::shutdown_send, ignored);
  stream.expires_after(limits.linger);
  std::array<char, 4096> unread{};
  const auto space = asio::buffer(unread);
  for (std::size_t left = 4 * limits.body_bytes; left > 0;) {
    const auto [error, size] = co_await stream.async_read_some(space, kAsTuple);
    if (error) co_return;
    left -= std::min(left, size);
  }
}

}  // namespace

asio::awaitable<void> serve(std::shared_ptr<Connection> connection, const Answerer& answerer,
                            const HttpLimits& limits) {
  beast::flat_buffer buffer{limits.header_bytes + limits.body_bytes};
  while (co_await serve_one(*connection, buffer, answerer, limits)) {
  }
  co_await end(connection->stream, limits);
}

asio::awaitable<void> turn_away(std::shared_ptr<Connection> connection, const HttpLimits& limits) {
  connection->idle = false;
  const HttpAnswer answer = problem(503, "too many connections; try again later");
  const ReplyForm last;
  co_await send_answer(connection->stream, answer, last, limits.write);
  co_await end(connection->stream, limits);
}

}  // namespace rota
