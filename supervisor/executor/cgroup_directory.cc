#include "supervisor/executor/cgroup_directory.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "common/file/descriptor.h"
#include "common/process/shortage.h"
#include "supervisor/executor/cgroup_files.h"

namespace rota {
namespace {

namespace fs = std::filesystem;

// Itself and all below, each before those in it.
std::vector<fs::path> with_all_below(const fs::path& directory) {
  std::vector<fs::path> all{directory};
  std::error_code error;
  // A run may remove its own while this goes on.
  for (auto entry = fs::recursive_directory_iterator{directory, error};
       !error && entry != fs::recursive_directory_iterator{}; entry.increment(error)) {
    std::error_code gone;
    if (entry->is_directory(gone)) all.push_back(entry->path());
  }
  return all;
}

// Zero stands for a process that this PID namespace does not show.
void kill_each(const fs::path& directory, pid_t spare) {
  for (const fs::path& each : with_all_below(directory)) {
    std::ifstream file{each / "cgroup.procs"};
    for (pid_t pid = 0; file >> pid;)
      if (pid > 0 && pid != spare) kill(pid, SIGKILL);
  }
}

}  // namespace

std::string read_cgroup_file(const fs::path& file) {
  std::ifstream stream{file};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

int write_cgroup_file(const fs::path& file, const std::string& text) {
  const Descriptor descriptor{open(file.c_str(), O_WRONLY | O_CLOEXEC)};
  if (!descriptor.is_open()) return errno;
  return write(descriptor.get(), text.data(), text.size()) < 0 ? errno : 0;
}

void kill_cgroup(const fs::path& directory, pid_t spare) {
  if (spare != 0 || write_cgroup_file(directory / "cgroup.kill", "1") != 0) kill_each(directory, spare);
}

bool is_populated(const fs::path& directory) {
  std::ifstream stream{directory / "cgroup.events"};
  const int error = errno;
  // What cannot be looked at for want of a descriptor may well hold somebody.
  if (!stream) return is_shortage(error);
  return keyed_number(std::string{std::istreambuf_iterator<char>{stream}, {}}, "populated").value_or(0) != 0;
}

bool empty_cgroup(const fs::path& directory, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  const Descriptor events{open((directory / "cgroup.events").c_str(), O_RDONLY | O_CLOEXEC)};
  while (is_populated(directory)) {
    if (std::chrono::steady_clock::now() >= end) return false;
    kill_cgroup(directory);
    // A change of the file is told; what was born between two kills is the reason for the short wait.
    pollfd changed{events.get(), POLLPRI, 0};
    poll(&changed, 1, 10);
  }
  return true;
}

bool remove_cgroup(const fs::path& directory) {
  const std::vector<fs::path> all = with_all_below(directory);
  bool removed = true;
  for (auto each = all.rbegin(); each != all.rend(); ++each)
    removed = (rmdir(each->c_str()) == 0 || errno == ENOENT) && removed;
  return removed;
}

}  // namespace rota
