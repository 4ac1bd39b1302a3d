#include "supervisor/http/control_socket.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "supervisor/http/peer.h"

namespace rota {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOwnerAndGroup = 0660;
constexpr mode_t kForAll = 0755;

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& why) {
  throw std::runtime_error{"supervisor.control_socket " + path.string() + ": " + why};
}

[[noreturn]] void fail_by_errno(const std::filesystem::path& path, const std::string& what) {
  fail(path, what + ": " + std::generic_category().message(errno));
}

sockaddr_un address_at(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (!path.is_absolute()) fail(path, "expected an absolute path");
  if (text.size() >= sizeof address.sun_path)
    fail(path, "the path is too long: expected at most " + std::to_string(sizeof address.sun_path - 1) +
                   " bytes, unix(7)");
  std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
  return address;
}

const sockaddr* as_sockaddr(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

Descriptor new_socket(const std::filesystem::path& path, int flags = 0) {
  const int number = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  if (number < 0) fail_by_errno(path, "no socket could be made");
  return Descriptor{number};
}

void make_directory(const std::filesystem::path& path) {
  const auto directory = path.parent_path();
  std::error_code error;
  if (std::filesystem::is_directory(directory, error)) return;
  std::filesystem::create_directories(directory.parent_path(), error);
  if (mkdir(directory.c_str(), kForAll) != 0) {
    if (errno == EEXIST) return;
    fail_by_errno(path, "its directory cannot be made");
  }
  // The members of the group must pass through it, whatever the umask is.
  if (chmod(directory.c_str(), kForAll) != 0) fail_by_errno(path, "the mode of its directory cannot be set");
}

// Two supervisors that start at once would both find a dead socket, and the second would
// take away the first one's new one. So whoever looks holds this lock, and keeps it.
Descriptor lock_place(const std::filesystem::path& path) {
  const std::string name = path.string() + ".lock";
  Descriptor lock{open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly)};
  if (lock.get() < 0) fail_by_errno(path, name + " cannot be opened");
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) fail(path, "another rotad is running");
    fail_by_errno(path, name + " cannot be locked");
  }
  return lock;
}

// Removes what a supervisor that died has left, and nothing else.
void remove_stale(const std::filesystem::path& path, const sockaddr_un& address) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return;
    fail_by_errno(path, "cannot be looked at");
  }
  if (!S_ISSOCK(status.st_mode)) fail(path, "there is something else than a socket; move it away");
  const Descriptor probe = new_socket(path, SOCK_NONBLOCK);
  // EAGAIN: it listens, and more wait already than it has room for.
  if (connect(probe.get(), as_sockaddr(address), sizeof address) == 0 || errno == EAGAIN)
    fail(path, "another rotad is running");
  if (errno != ECONNREFUSED) fail_by_errno(path, "whether another rotad is running cannot be told");
  if (unlink(path.c_str()) != 0) fail_by_errno(path, "the socket of an earlier rotad cannot be removed");
}

// The mode first, so that it is never given to a group with more than the group shall have.
void set_owner(const std::filesystem::path& path, const std::string& group) {
  if (chmod(path.c_str(), kOwnerOnly) != 0) fail_by_errno(path, "its mode cannot be set");
  const auto members = find_group(group);
  if (!members) {
    spdlog::info("control socket {}: there is no group {}: only root and this user can use it", path.string(),
                 group);
    return;
  }
  if (chown(path.c_str(), static_cast<uid_t>(-1), *members) != 0) {
    spdlog::warn(
        "control socket {}: it cannot be given to the group {} ({}): only root and this user can use it",
        path.string(), group, std::generic_category().message(errno));
    return;
  }
  if (chmod(path.c_str(), kOwnerAndGroup) != 0) fail_by_errno(path, "its mode cannot be set");
}

}  // namespace

ControlSocket::ControlSocket(const std::filesystem::path& path, std::string group)
    : path_{path}, group_{std::move(group)} {
  const sockaddr_un address = address_at(path);
  make_directory(path);
  Descriptor lock = lock_place(path);
  remove_stale(path, address);
  Descriptor listening = new_socket(path);
  if (bind(listening.get(), as_sockaddr(address), sizeof address) != 0)
    fail_by_errno(path, "cannot be bound");
  // Until listen(2) every connection is refused, so nobody gets in by the mode that bind(2)
  // gives, and no umask need be changed under the other threads.
  try {
    set_owner(path, group_);
    if (listen(listening.get(), SOMAXCONN) != 0) fail_by_errno(path, "cannot be listened on");
  } catch (...) {
    unlink(path.c_str());
    throw;
  }
  lock_ = std::move(lock);
  listening_ = std::move(listening);
}

ControlSocket::ControlSocket(Descriptor listening, std::string group)
    : group_{std::move(group)}, listening_{std::move(listening)} {}

ControlSocket::~ControlSocket() { remove(); }

int ControlSocket::release() { return listening_.release(); }

void ControlSocket::remove() {
  // Without the lock it is somebody else's.
  if (!lock_.is_open()) return;
  unlink(path_.c_str());
  const Descriptor unlocked = std::move(lock_);
}

}  // namespace rota
