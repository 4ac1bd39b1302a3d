// http_load PORT PATH TOKEN CONNECTIONS REQUESTS: posts over so many connections to 127.0.0.1, one request
// under way on each, to PATH with the number of the connection at its end, and prints requests a second and
// the 99th percentile of an answer's delay. Fails at an answer that is neither 200 nor 202.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using std::chrono::steady_clock;

struct Load {
  std::uint16_t port = 0;
  std::string path;
  std::string token;
  int left = 0;
  std::vector<double> delays_ms;
};

asio::awaitable<void> post_on_one(asio::io_context& loop, Load& load, int number) {
  asio::ip::tcp::socket socket{loop};
  co_await socket.async_connect({asio::ip::address_v4::loopback(), load.port}, asio::use_awaitable);
  socket.set_option(asio::ip::tcp::no_delay{true});
  http::request<http::empty_body> request{http::verb::post, load.path + std::to_string(number), 11};
  request.set(http::field::host, "127.0.0.1:" + std::to_string(load.port));
  request.set(http::field::authorization, "Bearer " + load.token);
  request.prepare_payload();
  boost::beast::flat_buffer buffer;
  while (load.left-- > 0) {
    const auto begin = steady_clock::now();
    co_await http::async_write(socket, request, asio::use_awaitable);
    http::response<http::string_body> answer;
    co_await http::async_read(socket, buffer, answer, asio::use_awaitable);
    if (answer.result_int() != 200 && answer.result_int() != 202)
      throw std::runtime_error{"answered " + std::to_string(answer.result_int()) + " " + answer.body()};
    load.delays_ms.push_back(std::chrono::duration<double, std::milli>{steady_clock::now() - begin}.count());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  Load load{static_cast<std::uint16_t>(std::atoi(argv[1])), argv[2], argv[3], std::atoi(argv[5]), {}};
  asio::io_context loop{1};
  std::string trouble;
  for (int i = 0; i < std::atoi(argv[4]); ++i)
    asio::co_spawn(loop, post_on_one(loop, load, i), [&](const std::exception_ptr& error) {
      if (!error) return;
      try {
        std::rethrow_exception(error);
      } catch (const std::exception& what) {
        trouble = what.what();
        loop.stop();
      }
    });
  const auto begin = steady_clock::now();
  loop.run();
  if (!trouble.empty()) {
    std::fprintf(stderr, "http_load: %s\n", trouble.c_str());
    return 1;
  }
  const std::chrono::duration<double> time = steady_clock::now() - begin;
  std::sort(load.delays_ms.begin(), load.delays_ms.end());
  std::printf("{\"requests/s\": %.1f, \"p99 ms\": %.3f}\n",
              static_cast<double>(load.delays_ms.size()) / time.count(),
              load.delays_ms.at(load.delays_ms.size() * 99 / 100));
  return 0;
}
