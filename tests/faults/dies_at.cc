// Preloaded into rotad (ld.so(8), LD_PRELOAD): ends it by SIGKILL in the middle of one call of the C library,
// at a place that a signal from outside would hardly ever hit. Workers have a fresh environment and are
// spared.
//
//   ROTA_DIE_CALL   pwrite64, fdatasync, write, posix_spawn, fork (a request to the fork server),
//                   kill or connect (of TCP only)
//   ROTA_DIE_WHEN   before, after, or half: with half of the bytes of a pwrite64 written
//   ROTA_DIE_FILE   how the name of the descriptor's file ends; any if it is not set
//   ROTA_DIE_NTH    which of these calls it is, from 1
//   ROTA_DIE_ARMED  a file: only calls made while it exists count
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/faults/next_function.h"

namespace {

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// Never freed: other threads still call when the process ends.
struct Plan {
  std::string call = setting("ROTA_DIE_CALL");
  std::string when = setting("ROTA_DIE_WHEN");
  std::string file = setting("ROTA_DIE_FILE");
  std::string armed = setting("ROTA_DIE_ARMED");
  long nth = std::atol(setting("ROTA_DIE_NTH").c_str());
  std::atomic<long> calls{0};
};

Plan& plan() {
  static Plan* const the_plan = new Plan;
  return *the_plan;
}

[[noreturn]] void die() {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

bool ends_in(int descriptor, std::string_view suffix) {
  std::array<char, 4096> name{};
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t size = readlink(link.c_str(), name.data(), name.size());
  return size > 0 && std::string_view{name.data(), static_cast<std::size_t>(size)}.ends_with(suffix);
}

// True for the one call that is not to return.
bool is_the_last(std::string_view call, int descriptor = -1) {
  Plan& the = plan();
  if (the.call != call) return false;
  if (!the.file.empty() && !ends_in(descriptor, the.file)) return false;
  if (!the.armed.empty() && access(the.armed.c_str(), F_OK) != 0) return false;
  if (++the.calls != the.nth) return false;
  if (the.when == "before") die();
  return true;
}

}  // namespace

extern "C" {

ssize_t pwrite64(int descriptor, const void* bytes, std::size_t size, off64_t offset) {
  static const auto real = next_function<ssize_t(int, const void*, std::size_t, off64_t)>("pwrite64");
  const bool last = is_the_last("pwrite64", descriptor);
  const bool half = last && plan().when == "half";
  const ssize_t written = real(descriptor, bytes, half ? size / 2 : size, offset);
  if (last) die();
  return written;
}

ssize_t write(int descriptor, const void* bytes, std::size_t size) {
  static const auto real = next_function<ssize_t(int, const void*, std::size_t)>("write");
  const bool last = is_the_last("write", descriptor);
  const ssize_t written = real(descriptor, bytes, size);
  if (last) die();
  return written;
}

int fdatasync(int descriptor) {
  static const auto real = next_function<int(int)>("fdatasync");
  const bool last = is_the_last("fdatasync", descriptor);
  const int result = real(descriptor);
  if (last) die();
  return result;
}

int posix_spawn(pid_t* pid, const char* path, const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* attributes, char* const arguments[], char* const environment[]) {
  static const auto real =
      next_function<int(pid_t*, const char*, const posix_spawn_file_actions_t*, const posix_spawnattr_t*,
                        char* const*, char* const*)>("posix_spawn");
  const bool last = is_the_last("posix_spawn");
  const int result = real(pid, path, actions, attributes, arguments, environment);
  if (last) die();
  return result;
}

ssize_t sendmsg(int descriptor, const msghdr* message, int flags) {
  static const auto real = next_function<ssize_t(int, const msghdr*, int)>("sendmsg");
  int type = 0;
  socklen_t size = sizeof type;
  const bool is_request =
      getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
  const bool last = is_request && is_the_last("fork", descriptor);
  const ssize_t sent = real(descriptor, message, flags);
  if (last) die();
  return sent;
}

int kill(pid_t pid, int signal) noexcept {
  static const auto real = next_function<int(pid_t, int)>("kill");
  const bool last = is_the_last("kill");
  const int result = real(pid, signal);
  if (last) die();
  return result;
}

int connect(int descriptor, const sockaddr* address, socklen_t size) {
  static const auto real = next_function<int(int, const sockaddr*, socklen_t)>("connect");
  const bool tcp = address->sa_family == AF_INET || address->sa_family == AF_INET6;
  const bool last = tcp && is_the_last("connect", descriptor);
  const int result = real(descriptor, address, size);
  if (last) die();
  return result;
}

}  // extern "C"
