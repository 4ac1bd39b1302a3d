#include "supervisor/daemon/notify_socket.h"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace rota {

NotifySocket::NotifySocket() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in the supervisor sets the environment
  const char* const variable = std::getenv("NOTIFY_SOCKET");
  const std::string_view name{variable ? variable : ""};
  if (name.size() < 2 || name.size() >= sizeof address_.sun_path) return;
  address_.sun_family = AF_UNIX;
  std::memcpy(address_.sun_path, name.data(), name.size());
  if (name.front() == '@') address_.sun_path[0] = '\0';
  address_size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  socket_ = Descriptor{socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
}

bool NotifySocket::send(const std::string& assignments, Patience patience) const {
  const int flags = MSG_NOSIGNAL | (patience == Patience::none ? MSG_DONTWAIT : 0);
  // To the name with each message: a service manager that is started anew listens on another socket there.
  return sendto(socket_.get(), assignments.data(), assignments.size(), flags,
                reinterpret_cast<const sockaddr*>(&address_), address_size_) >= 0;
}

}  // namespace rota
