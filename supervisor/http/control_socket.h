// The Unix socket on which the supervisor is controlled by those who may (peer.h): its
// place in the file system, which it has for itself as long as it lives, or which is the
// service manager's.
#pragma once

#include <filesystem>
#include <string>

#include "common/file/descriptor.h"

namespace rota {

class ControlSocket {
 public:
  // Listens at `path` from now on, and makes its directory (0755) if it is missing. The
  // members of `group` can connect, beside root and this process's user; where there is no
  // such group, or this process may not give the socket to it, which is said in the log,
  // only these two. The socket of a supervisor that died is taken over. Throws
  // std::runtime_error that names the path where another one answers, where something else
  // than a socket is, and where the system refuses.
  ControlSocket(const std::filesystem::path& path, std::string group);
  // The same on a Unix socket that listens already. Its place, owner and mode are those of whoever made it
  // and stay as they are, also at the end.
  ControlSocket(Descriptor listening, std::string group);
  ControlSocket(ControlSocket&& other) noexcept = default;
  ControlSocket& operator=(ControlSocket&&) = delete;
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;
  // Removes it, if it was made here.
  ~ControlSocket();

  const std::string& group() const { return group_; }

  // Gives away the descriptor that listens, once: the caller closes it.
  int release();

  // Removes it from the file system, if it was made here, and lets another supervisor take its place.
  void remove();

 private:
  std::filesystem::path path_;
  std::string group_;
  Descriptor lock_;
  Descriptor listening_;
};

}  // namespace rota
