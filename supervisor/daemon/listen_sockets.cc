#include "supervisor/daemon/listen_sockets.h"

#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace rota {
namespace {

[[noreturn]] void fail(const std::string& name, const std::string& why) {
  throw std::runtime_error{"socket \"" + name + "\" from the service manager: " + why};
}

struct Passed {
  std::string name;
  Descriptor socket;
};

std::vector<Passed> passed_sockets() {
  char** names = nullptr;
  const int count = sd_listen_fds_with_names(1, &names);
  if (count < 0)
    throw std::system_error{-count, std::generic_category(), "the sockets from the service manager"};
  std::vector<Passed> passed;
  for (int index = 0; index < count; ++index) {
    passed.push_back({names[index], Descriptor{SD_LISTEN_FDS_START + index}});
    std::free(names[index]);  // NOLINT(cppcoreguidelines-no-malloc): sd_listen_fds(3)
  }
  std::free(names);  // NOLINT(cppcoreguidelines-no-malloc): sd_listen_fds(3)
  return passed;
}

bool listens_on_tcp(int socket) { return sd_is_socket_inet(socket, AF_UNSPEC, SOCK_STREAM, 1, 0) > 0; }

bool listens_on_unix(int socket) { return sd_is_socket_unix(socket, SOCK_STREAM, 1, nullptr, 0) > 0; }

}  // namespace

ListenSockets take_listen_sockets() {
  ListenSockets sockets;
  for (Passed& passed : passed_sockets()) {
    const bool is_http = passed.name == "http";
    if (!is_http && passed.name != "control")
      fail(passed.name, "expected FileDescriptorName=http or control in its unit");
    if (is_http && !listens_on_tcp(passed.socket.get()))
      fail(passed.name, "expected a TCP socket that listens");
    if (!is_http && !listens_on_unix(passed.socket.get()))
      fail(passed.name, "expected a Unix stream socket that listens");
    Descriptor& place = is_http ? sockets.http : sockets.control;
    if (place.is_open()) fail(passed.name, "expected one of this name; remove a ListenStream from its unit");
    place = std::move(passed.socket);
  }
  return sockets;
}

}  // namespace rota
