// What the programs of tests/zoo have in common. Each is put in the place of rota-worker by `keeper`, or is
// the command of a job, and does one thing that no worker should. Descriptors as a worker has them:
// 3 from the supervisor, 4 to it. $HOME is the test's directory.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>

namespace zoo {

constexpr int kMessages = 4;

// Until all is written or nobody reads.
inline bool put(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

inline bool message(std::string_view bytes) { return put(kMessages, bytes); }

// For a command rota-worker has said it.
inline void hello() {
  if (!std::getenv("ROTA_EVENTS_FD"))
    message(R"({"type":"hello","version":1,"pid":)" + std::to_string(getpid()) + "}\n");
}

inline void result() { message("{\"type\":\"result\",\"lines_added\":1}\n"); }

[[noreturn]] inline void stay() {
  for (;;) pause();
}

inline std::string home(const std::string& file) { return std::string{std::getenv("HOME")} + "/" + file; }

// The number in a file of the test's directory, or `fallback`.
inline long long number_in(const std::string& file, long long fallback) {
  const int descriptor = open(home(file).c_str(), O_RDONLY | O_CLOEXEC);
  char text[32] = {};
  const ssize_t size = descriptor < 0 ? 0 : read(descriptor, text, sizeof text - 1);
  if (descriptor >= 0) close(descriptor);
  return size > 0 ? std::atoll(text) : fallback;
}

// Where a run's processes note their ids, so that the test can see whether they are gone.
inline std::string pid_file() { return home(std::string{"pids-"} + std::getenv("ROTA_RUN_ID")); }

inline void note_pid() {
  const int descriptor = open(pid_file().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  put(descriptor, std::to_string(getpid()) + "\n");
  close(descriptor);
}

// How many have.
inline int noted_pids() {
  const int descriptor = open(pid_file().c_str(), O_RDONLY | O_CLOEXEC);
  int lines = 0;
  for (char byte = 0; descriptor >= 0 && read(descriptor, &byte, 1) == 1;)
    if (byte == '\n') ++lines;
  if (descriptor >= 0) close(descriptor);
  return lines;
}

}  // namespace zoo
