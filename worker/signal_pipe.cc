#include "worker/signal_pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace rota {
namespace {

int write_end = -1;

void on_signal(int signal) {
  const int saved = errno;
  const char byte = static_cast<char>(signal);
  if (write(write_end, &byte, 1) < 0) errno = saved;  // full: a stop is waiting there already
  errno = saved;
}

void drop_signal(int) {}

void install(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  if (sigaction(signal, &action, nullptr) != 0)
    throw std::system_error{errno, std::generic_category(), "sigaction"};
}

}  // namespace

int open_signal_pipe(std::initializer_list<int> signals) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    throw std::system_error{errno, std::generic_category(), "pipe2"};
  write_end = ends[1];
  for (const int signal : signals) install(signal, on_signal);
  install(SIGPIPE, drop_signal);
  return ends[0];
}

}  // namespace rota
