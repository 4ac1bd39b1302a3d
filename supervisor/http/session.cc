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
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "common/protocol/utf8.h"
#include "supervisor/http/answer.h"
#include "supervisor/http/routes.h"
#include "supervisor/http/words.h"

namespace rota {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kPiece = 4096;  // read at once

using Parser = http::request_parser<http::string_body>;

struct Received {
  HttpRequest request;
  ReplyForm form;
};
struct Gone {};  // there is nobody left to answer
using Reading = std::variant<Gone, Received, HttpAnswer>;

// All but the body. The parser adds the fields of a trailer to those of the header, where they must not
// count (RFC 9110, section 6.5.1), so this is asked for before the body is read.
HttpRequest values_of(const http::request_header<>& header) {
  HttpRequest request;
  request.method = header.method_string();
  request.target = header.target();
  request.authorization = header[http::field::authorization];
  request.host = header[http::field::host];
  request.origin = header[http::field::origin];
  request.fetch_site = header["Sec-Fetch-Site"];
  request.content_type = header[http::field::content_type];
  return request;
}

// Ends what is read from `stream` after a time, so that the connection can still be answered: the
// stream's own limit closes it. Begins with the first wait, which most requests need not.
class ReadingLimit {
 public:
  ReadingLimit(Stream& stream, std::chrono::milliseconds limit) : stream_{stream}, limit_{limit} {}

  void begin() {
    if (passed_) return;
    passed_ = std::make_shared<bool>(false);
    timer_.emplace(stream_.get_executor(), limit_);
    timer_->async_wait(
        [&stream = stream_, passed = std::weak_ptr{passed_}](const boost::system::error_code& error) {
          const auto here = passed.lock();
          if (error || !here) return;
          *here = true;
          stream.cancel();
        });
  }
  bool passed() const { return passed_ && *passed_; }

 private:
  Stream& stream_;
  std::chrono::milliseconds limit_;
  std::shared_ptr<bool> passed_;
  std::optional<asio::steady_timer> timer_;
};

// The answer to what could not be read.
Reading refusal(const beast::error_code& error, const HttpLimits& limits) {
  const auto kib = [](std::size_t bytes) { return std::to_string(bytes / 1024) + " KiB"; };
  if (error == http::error::header_limit)
    return problem(431, "the header is longer than " + kib(limits.header_bytes));
  if (error == http::error::body_limit || error == http::error::buffer_overflow)
    return problem(413, "the body is longer than " + kib(limits.body_bytes));
  if (error == http::error::end_of_stream || error == http::error::partial_message) return Gone{};
  if (error.category() == http::make_error_code(http::error::bad_method).category())
    return problem(400, "the request is not HTTP/1.1: " + error.message());
  return Gone{};
}

// Whatever is not plainly one body or none is refused: where what stands in front of this server reads
// another length than it does, the rest of a body would be the next request. RFC 9112, section 6.3; the
// parser takes a Transfer-Encoding that does not end with chunked for no body.
std::optional<HttpAnswer> wrong_length(const http::request_header<>& header) {
  if (header[http::field::content_length].find(',') != std::string_view::npos)
    return problem(400, "header: expected one number as Content-Length");
  const auto coding = header.find(http::field::transfer_encoding);
  if (coding == header.end() || (beast::iequals(coding->value(), "chunked") && header.version() > 10))
    return std::nullopt;
  const std::string_view last = split(coding->value(), ',').back();
  if (header.version() > 10 &&
      beast::iequals(last.substr(std::min(last.find_first_not_of(" \t"), last.size())), "chunked"))
    return problem(501, "header: of Transfer-Encoding only chunked is known");
  return problem(400, "header: expected chunked as Transfer-Encoding, in HTTP/1.1");
}

// RFC 9112, section 3.2, for Host; of the others a second one would only hide the first
// from what stands in front of this server.
std::optional<HttpAnswer> wrong_fields(const http::request_header<>& header) {
  const auto hosts = header.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && header.version() > 10))
    return problem(400, "header: expected one Host field, found " + std::to_string(hosts));
  for (const auto field : {http::field::authorization, http::field::origin, http::field::content_type,
                           http::field::content_length, http::field::transfer_encoding})
    if (header.count(field) > 1)
      return problem(400, "header: expected at most one field " + std::string{http::to_string(field)});
  return wrong_length(header);
}

HttpAnswer too_slow(const std::string& part, std::chrono::milliseconds limit) {
  return problem(408, "the " + part + " did not arrive within " + std::to_string(limit.count()) + " ms");
}

// Reads the header into `parser`, and its bytes as they are into `raw`. Not the library's async_read_header:
// the limit of its parser is one of each piece that arrives, and a header of many pieces has no end.
asio::awaitable<beast::error_code> receive_header(Stream& stream, beast::flat_buffer& buffer, Parser& parser,
                                                  std::string& raw, std::size_t limit, ReadingLimit& time) {
  for (;;) {
    beast::error_code error = http::error::need_more;
    const asio::const_buffer bytes = buffer.data();
    const std::size_t used = buffer.size() == 0 ? 0 : parser.put(bytes, error);
    raw.append(static_cast<const char*>(bytes.data()), used);
    buffer.consume(used);
    if (error && error != http::error::need_more) co_return error;
    const bool done = parser.is_header_done();
    if (raw.size() + (done ? 0 : buffer.size()) > limit) co_return http::error::header_limit;
    if (done) co_return beast::error_code{};
    time.begin();
    const auto space = buffer.prepare(kPiece);
    const auto [failure, size] = co_await stream.async_read_some(space, kAsTuple);
    if (failure) co_return failure;
    buffer.commit(size);
  }
}

// What is wrong with the header; nullopt if it has been read and is good.
asio::awaitable<std::optional<Reading>> read_header(Stream& stream, beast::flat_buffer& buffer,
                                                    Parser& parser, const HttpLimits& limits) {
  ReadingLimit limit{stream, limits.header};
  std::string raw;
  const auto error = co_await receive_header(stream, buffer, parser, raw, limits.header_bytes, limit);
  if (limit.passed()) co_return too_slow("header", limits.header);
  if (error) co_return refusal(error, limits);
  // RFC 9112, section 5.2: to others it may be a field of its own, such as a second length.
  if (raw.find("\r\n ") != std::string::npos || raw.find("\r\n\t") != std::string::npos)
    co_return problem(400, "header: expected each field on one line");
  if (auto wrong = wrong_fields(parser.get())) co_return *std::move(wrong);
  co_return std::nullopt;
}

// The same for the body, if there is one.
asio::awaitable<std::optional<Reading>> read_body(Stream& stream, beast::flat_buffer& buffer, Parser& parser,
                                                  const HttpLimits& limits) {
  if (parser.is_done()) co_return std::nullopt;
  ReadingLimit limit{stream, limits.body};
  limit.begin();
  // RFC 9112, section 7.1.1: what chunks say beside their size is no part of the body's length.
  auto bound = [left = limits.header_bytes](std::uint64_t, std::string_view extension,
                                            beast::error_code& error) mutable {
    if (extension.size() > left) error = http::error::body_limit;
    left -= std::min(left, extension.size());
  };
  parser.on_chunk_header(bound);
  if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto message = asio::buffer(kContinue);
    const auto [error, size] = co_await asio::async_write(stream, message, kAsTuple);
    if (error) co_return Gone{};
  }
  const auto [error, size] = co_await http::async_read(stream, buffer, parser, kAsTuple);
  if (limit.passed()) co_return too_slow("body", limits.body);
  if (error) co_return refusal(error, limits);
  co_return std::nullopt;
}

asio::awaitable<Reading> read_request(Stream& stream, beast::flat_buffer& buffer, const HttpLimits& limits) {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  parser.body_limit(limits.body_bytes);
  stream.expires_never();  // of the wait for its first byte
  if (auto fault = co_await read_header(stream, buffer, parser, limits)) co_return *std::move(fault);
  Received received{values_of(parser.get()), {}};
  received.form.version = parser.get().version();
  received.form.keep_alive = parser.keep_alive();
  received.form.header_only = received.request.method == "HEAD";
  if (auto fault = co_await read_body(stream, buffer, parser, limits)) co_return *std::move(fault);
  received.request.body = std::move(parser.get().body());
  co_return received;
}

// Waits for the first byte of a request.
asio::awaitable<bool> request_begins(Stream& stream, beast::flat_buffer& buffer, const HttpLimits& limits) {
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
  const auto waiting = std::make_shared<Waiting>(Waiting{asio::steady_timer{executor}, {}});
  try {
    answerer(request, [waiting](HttpAnswer answer) {
      waiting->answer = std::move(answer);
      waiting->limit.cancel();
    });
  } catch (const std::exception& error) {
    spdlog::error("http: {} {}: {}", request.method, to_valid_utf8(request.target), error.what());
    co_return problem(500, "the supervisor could not answer; its log says why");
  }
  if (!waiting->answer) {
    waiting->limit.expires_after(is_lengthy(request.target) ? limits.lengthy_answer : limits.answer);
    co_await waiting->limit.async_wait(kAsTuple);
  }
  if (!waiting->answer)
    co_return problem(503, "the supervisor did not answer in time; what was asked for may still happen");
  co_return *std::move(waiting->answer);
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
