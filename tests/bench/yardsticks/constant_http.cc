// constant_http SECRET_FILE: answers every request on 127.0.0.1 with the same 202 after the same check of its
// token as rotad's, by Beast, with nothing behind it. Prints its port, and ends with its standard input.
#include <unistd.h>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "supervisor/token/token.h"

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

asio::awaitable<void> answer_all(asio::ip::tcp::socket socket, const rota::TokenVerifier& verifier) {
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

asio::awaitable<void> accept_all(asio::ip::tcp::acceptor& acceptor, const rota::TokenVerifier& verifier) {
  for (;;)
    asio::co_spawn(acceptor.get_executor(),
                   answer_all(co_await acceptor.async_accept(asio::use_awaitable), verifier), asio::detached);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  rota::HttpConfiguration configuration;
  configuration.algorithm = rota::TokenAlgorithm::hs256;
  configuration.key_file = argv[1];
  const rota::TokenVerifier verifier{configuration};
  asio::io_context loop{1};
  asio::ip::tcp::acceptor acceptor{loop, {asio::ip::address_v4::loopback(), 0}};
  std::printf("%d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  asio::co_spawn(loop, accept_all(acceptor, verifier), asio::detached);
  asio::posix::stream_descriptor input{loop, dup(STDIN_FILENO)};
  std::array<char, 1> byte{};
  input.async_read_some(asio::buffer(byte), [&](auto, auto) { loop.stop(); });
  loop.run();
  return 0;
}
