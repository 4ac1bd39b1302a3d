// The real HTTP servers, on a free port of loopback and on a control socket, in front of a
// supervisor in memory: http_server_for_tests DIRECTORY SOCKET GROUP [KEY_FILE ALGORITHM]. Prints
// the port once it listens, and its log to standard error; ends in order at SIGTERM. Exit status 1: it could
// not listen. $HTTP_LIMITS sets bounds that a test can reach: "quick" those of time, "few" those of
// connections.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/http/http_server.h"
#include "tests/supervisor/http/remembered_scheduler.h"

namespace {

rota::HttpLimits test_limits() {
  rota::HttpLimits limits;
  limits.answer = std::chrono::milliseconds{50};      // only what is held takes any time
  const char* variable = std::getenv("HTTP_LIMITS");  // NOLINT(concurrency-mt-unsafe): before any thread
  const std::string wanted = variable ? variable : "";
  if (wanted == "quick")
    limits.idle = limits.header = limits.body = limits.write = limits.linger = std::chrono::milliseconds{200};
  if (wanted == "few") {
    limits.connections = 4;
    limits.turned_away = 2;
  }
  return limits;
}

rota::TokenAlgorithm algorithm_of(const std::string& name) {
  if (name == "RS256") return rota::TokenAlgorithm::rs256;
  return name == "ES256" ? rota::TokenAlgorithm::es256 : rota::TokenAlgorithm::hs256;
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> arguments{words + 1, words + count};
  if (arguments.size() < 3) return 2;
  spdlog::set_default_logger(spdlog::stderr_logger_mt("http"));
  try {
    boost::asio::io_context loop;
    rota::RememberedScheduler scheduler{arguments[0]};
    rota::HttpConfiguration configuration;
    configuration.port = 0;
    std::optional<rota::TokenVerifier> verifier;
    if (arguments.size() > 4) {
      configuration.key_file = arguments[3];
      configuration.algorithm = algorithm_of(arguments[4]);
      verifier.emplace(configuration);
    }
    const rota::HttpLimits limits = test_limits();
    rota::HttpServer control{loop, rota::ControlSocket{arguments[1], arguments[2]}, scheduler, limits};
    rota::HttpServer tcp{loop, configuration, verifier, scheduler, limits};
    boost::asio::signal_set signals{loop, SIGTERM};
    signals.async_wait([&](boost::system::error_code, int) {
      control.stop();
      tcp.stop();
    });
    std::cout << tcp.port() << std::endl;
    loop.run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}
