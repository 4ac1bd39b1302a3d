// The way to the service manager, sd_notify(3). The library's function makes a socket for each message, so
// that a daemon which is out of descriptors would no longer feed its watchdog and be killed for it; this one
// keeps its socket.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>

#include "common/file/descriptor.h"

namespace rota {

class NotifySocket {
 public:
  // To where NOTIFY_SOCKET says: a path, or a name of the abstract namespace behind "@".
  NotifySocket();

  // False where nobody listens.
  bool is_open() const { return socket_.is_open(); }
  // Assignments, one a line. While the service manager does not read, a message waits for it, or with
  // Patience::none, for what is said again and again, is lost. True if it was taken.
  enum class Patience { none, all };
  bool send(const std::string& assignments, Patience patience = Patience::all) const;

 private:
  Descriptor socket_;
  sockaddr_un address_{};
  socklen_t address_size_ = 0;
};

}  // namespace rota
