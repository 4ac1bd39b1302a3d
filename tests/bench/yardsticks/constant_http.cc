// constant_http SECRET_FILE [DATABASE]: answers every request on 127.0.0.1 with the same 202 after the same
// check of its token as rotad's, by Beast, with nothing behind it; with DATABASE once a row is on disk, of as
// many requests as come together in one transaction. Prints its port, and ends with its standard input.
#include <unistd.h>

#include <array>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "supervisor/run/clock.h"
#include "supervisor/store/sqlite_run_store.h"
#include "supervisor/token/token.h"

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

asio::awaitable<void> commit_row(rota::RunStore& store) {
  const auto begin = [&store](auto handler) {
    rota::Run row;
    row.job_name = "no_op";
    row.trigger = rota::Trigger::manual;
    row.state = rota::RunState::running;
    row.queued_at = rota::current_instant();
    const auto resume = std::make_shared<decltype(handler)>(std::move(handler));
    store.insert(std::move(row), nullptr, [resume](auto) { std::move (*resume)(); });
  };
  co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(begin, asio::use_awaitable);
}

asio::awaitable<void> answer_all(asio::ip::tcp::socket socket, const rota::TokenVerifier& verifier,
                                 rota::RunStore* store) {
  boost::beast::tcp_stream stream{std::move(socket)};
  boost::beast::flat_buffer buffer;
  try {
    for (;;) {
      http::request<http::string_body> request;
      co_await http::async_read(stream, buffer, request, asio::use_awaitable);
      const std::string field{request[http::field::authorization]};
      const auto claims =
          verifier.verify(field.substr(std::string{"Bearer "}.size()), std::chrono::system_clock::now());
      const bool allowed = std::holds_alternative<rota::Claims>(claims);
      if (store) co_await commit_row(*store);
      http::response<http::string_body> answer{allowed ? http::status::accepted : http::status::unauthorized,
                                               11};
      answer.set(http::field::content_type, "application/json");
      answer.body() = R"({"run_id":1})";
      answer.prepare_payload();
      co_await http::async_write(stream, answer, asio::use_awaitable);
    }
  } catch (const std::exception&) {
    // The other end has gone.
  }
}

asio::awaitable<void> accept_all(asio::ip::tcp::acceptor& acceptor, const rota::TokenVerifier& verifier,
                                 rota::RunStore* store) {
  for (;;)
    asio::co_spawn(acceptor.get_executor(),
                   answer_all(co_await acceptor.async_accept(asio::use_awaitable), verifier, store),
                   asio::detached);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  rota::HttpConfiguration configuration;
  configuration.algorithm = rota::TokenAlgorithm::hs256;
  configuration.key_file = argv[1];
  const rota::TokenVerifier verifier{configuration};
  asio::io_context loop{1};
  std::optional<rota::SqliteRunStore> store;
  if (argc > 2)
    store.emplace(argv[2],
                  [&loop](std::function<void()> function) { asio::post(loop, std::move(function)); });
  asio::ip::tcp::acceptor acceptor{loop, {asio::ip::address_v4::loopback(), 0}};
  std::printf("%d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  asio::co_spawn(loop, accept_all(acceptor, verifier, store ? &*store : nullptr), asio::detached);
  asio::posix::stream_descriptor input{loop, dup(STDIN_FILENO)};
  std::array<char, 1> byte{};
  input.async_read_some(asio::buffer(byte), [&](auto, auto) { loop.stop(); });
  loop.run();
  return 0;
}
