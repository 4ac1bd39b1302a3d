// Bytes on a connection to the HTTP server: the real session over a socket, in front of a
// supervisor in memory. It ends, what it answers is HTTP, and what it takes for a request has
// nothing in it that could break a line of the log or a header.
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "supervisor/http/access.h"
#include "supervisor/http/api.h"
#include "supervisor/http/session.h"
#include "tests/fuzz/fuzz.h"
#include "tests/new_path.h"
#include "tests/supervisor/http/remembered_scheduler.h"

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::generic::stream_protocol;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::uint16_t kPort = 8642;

struct Surroundings {
  Surroundings() { spdlog::set_level(spdlog::level::off); }
  rota::OwnDirectory directory{"rota-fuzz"};
};

bool is_one_line(const std::string& text) {
  return std::none_of(text.begin(), text.end(),
                      [](char byte) { return (byte >= 0 && byte < ' ' && byte != '\t') || byte == '\x7F'; });
}

asio::awaitable<void> send_all(stream_protocol::socket& socket, std::string_view bytes) {
  co_await asio::async_write(socket, asio::buffer(bytes), kAsTuple);
  boost::system::error_code ignored;
  socket.shutdown(asio::socket_base::shutdown_send, ignored);
}

asio::awaitable<void> receive_all(stream_protocol::socket& socket, std::string& answers) {
  std::array<char, 65536> buffer{};
  for (;;) {
    const auto [error, size] = co_await socket.async_read_some(asio::buffer(buffer), kAsTuple);
    if (error) co_return;
    answers.append(buffer.data(), size);
  }
}

class Served {
 public:
  explicit Served(const std::filesystem::path& directory) : scheduler_{directory} {}

  // All that the session answers to `bytes`, of which each is whole.
  std::string answers_to(std::string_view bytes) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) std::abort();
    const stream_protocol protocol{AF_UNIX, 0};
    stream_protocol::socket client{loop_, protocol, ends[0]};
    const rota::Answerer answerer = [&](const rota::HttpRequest& request, auto done) {
      check(request, bytes);
      without_body_.push_back(request.method == "HEAD");
      rota::answer_request(request, rota::OnLoopback{kPort}, scheduler_, std::chrono::system_clock::now(),
                           done);
    };
    const rota::HttpLimits limits;
    std::string answers;
    auto connection = std::make_shared<rota::Connection>(stream_protocol::socket{loop_, protocol, ends[1]});
    asio::co_spawn(loop_, rota::serve(std::move(connection), answerer, limits),
                   [&](const std::exception_ptr& fault) {
                     rota::require(!fault, "nothing escapes from a connection", bytes);
                   });
    asio::co_spawn(loop_, send_all(client, bytes), asio::detached);
    asio::co_spawn(loop_, receive_all(client, answers), asio::detached);
    loop_.run();
    require_whole_answers(answers, bytes);
    return answers;
  }

 private:
  void require_whole_answers(std::string_view answers, std::string_view bytes) const {
    std::size_t count = 0;
    while (!answers.empty()) {
      http::response_parser<http::string_body> parser;
      parser.eager(true);
      parser.skip(count < without_body_.size() && without_body_[count]);
      boost::beast::error_code error;
      const std::size_t used = parser.put(asio::buffer(answers), error);
      rota::require(!error && parser.is_done(), "every answer is whole", bytes);
      const auto status = parser.get().result_int();
      rota::require(status != 500, "no request is a fault of the server", bytes);
      if (status != 100) ++count;
      answers.remove_prefix(used);
    }
    // One more than what was taken for a request: the refusal of what follows.
    rota::require(count >= without_body_.size() && count <= without_body_.size() + 1,
                  "each request has one answer", bytes);
  }

  static void check(const rota::HttpRequest& request, std::string_view bytes) {
    for (const std::string* text : {&request.method, &request.target, &request.authorization, &request.host,
                                    &request.origin, &request.fetch_site, &request.content_type})
      rota::require(is_one_line(*text), "a request's values are lines", bytes);
    rota::require(request.body.size() <= rota::HttpLimits{}.body_bytes, "a body is within its bound", bytes);
  }

  std::vector<bool> without_body_;  // of each request that was answered
  asio::io_context loop_;
  rota::RememberedScheduler scheduler_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Surroundings surroundings;
  const std::string_view bytes = rota::text_of(data, size);
  const std::string answers = Served{surroundings.directory.path()}.answers_to(bytes);
  rota::require(answers.empty() || answers.starts_with("HTTP/1."), "an answer is HTTP", bytes);
  return 0;
}
