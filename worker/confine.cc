#include "worker/confine.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <cerrno>

#include "common/file/descriptor.h"
#include "worker/start_error.h"

namespace rota {
namespace {

StartError refused(const std::string& what, int error, const char* capability) {
  return system_refused(
      what + (error == EPERM ? std::string{" (the supervisor needs "} + capability + " for that)" : ""),
      error);
}

// Many programs expect to reach themselves.
void set_up_loopback() {
  const Descriptor descriptor{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  ifreq request{};
  request.ifr_name[0] = 'l';
  request.ifr_name[1] = 'o';
  request.ifr_flags = IFF_UP;
  if (!descriptor.is_open() || ioctl(descriptor.get(), SIOCSIFFLAGS, &request) != 0)
    throw refused("private_network: cannot set up the loopback interface", errno, "CAP_NET_ADMIN");
}

// In the mount namespace of the command alone. What is a mount already needs none of its own, and the
// root could not be covered by one.
void make_read_only(const std::string& path) {
  const auto check = [&](int result) {
    if (result != 0)
      throw refused("read_only_paths: cannot make " + path + " read-only", errno, "CAP_SYS_ADMIN");
  };
  if (path != "/") check(mount(path.c_str(), path.c_str(), nullptr, MS_BIND | MS_REC, nullptr));
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_RDONLY;
  check(mount_setattr(AT_FDCWD, path.c_str(), AT_RECURSIVE, &attributes, sizeof attributes));
}

}  // namespace

void confine(const Confinement& confinement) {
  if (confinement.private_network) {
    if (unshare(CLONE_NEWNET) != 0)
      throw refused("private_network: cannot make a network", errno, "CAP_SYS_ADMIN");
    set_up_loopback();
  }
  if (confinement.read_only_paths.empty()) return;
  // What the machine mounts and unmounts is still seen; what happens here is not seen outside.
  if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
    throw refused("read_only_paths: cannot make " + confinement.read_only_paths.front() +
                      " read-only, nor any other: no mount namespace",
                  errno, "CAP_SYS_ADMIN");
  for (const std::string& path : confinement.read_only_paths) make_read_only(path);
}

void give_up_new_privileges(const Confinement& confinement) {
  if (confinement.no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    throw system_refused("cannot set no_new_privileges", errno);
}

}  // namespace rota
