// The real HTTP servers, on a free port of loopback and on a control socket, in front of a
// supervisor in memory: http_server_for_tests DIRECTORY SOCKET GROUP [SECRET_FILE]. Prints
// the port once it listens, and its log to standard error; ends in order at SIGTERM. Exit status 1: it could
// not listen.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/http/http_server.h"
#include "tests/supervisor/http/remembered_scheduler.h"

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
    if (arguments.size() > 3) {
      configuration.key_file = arguments[3];
      verifier.emplace(configuration);
    }
    rota::HttpLimits limits;
    limits.answer = std::chrono::milliseconds{50};  // only what is held takes any time
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
