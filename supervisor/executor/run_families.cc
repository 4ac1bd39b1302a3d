#include "supervisor/executor/run_families.h"

#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <vector>

#include "supervisor/executor/shortage.h"

namespace rota {
namespace {

std::string random_token() {
  std::array<unsigned char, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) < 0) bytes[0] = static_cast<unsigned char>(getpid());
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xf];
  }
  return text;
}

// Throws std::system_error where there is no descriptor to look with: that nothing is seen then says nothing.
std::ifstream open_to_look(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  const int error = errno;
  if (!file && is_shortage(error)) throw std::system_error{error, std::generic_category()};
  return file;
}

// Of all threads: an orphan is given to any of them. proc(5), /proc/pid/task/tid/children.
std::vector<int> children() {
  std::vector<int> pids;
  for (const auto& thread : std::filesystem::directory_iterator{"/proc/self/task"}) {
    std::ifstream file = open_to_look(thread.path() / "children");
    pids.insert(pids.end(), std::istream_iterator<int>{file}, {});
  }
  return pids;
}

// The run whose mark stands in the environment of a process; nullopt if there is none to be read.
std::optional<RunId> marked_run(int pid, const std::string& token) {
  std::ifstream file = open_to_look("/proc/" + std::to_string(pid) + "/environ");
  std::optional<RunId> run;
  bool ours = false;
  for (std::string entry; std::getline(file, entry, '\0');) {
    if (entry == "ROTA_RUN_TOKEN=" + token) ours = true;
    if (entry.starts_with("ROTA_RUN_ID=")) run = std::strtoll(entry.c_str() + 12, nullptr, 10);
  }
  return ours ? run : std::nullopt;
}

}  // namespace

RunFamilies::RunFamilies(const CgroupTree& cgroups) : cgroups_{cgroups}, token_{random_token()} {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

bool RunFamilies::end(int worker_pid) {
  kill(-worker_pid, SIGKILL);
  try {
    if (!kill_leftovers(worker_pid)) return false;
  } catch (const std::system_error&) {
    return false;
  }
  workers_.erase(worker_pid);
  return true;
}

// True if none was found.
bool RunFamilies::kill_leftovers(int worker_pid) const {
  const int own_session = getsid(0);
  bool left = false;
  for (const int pid : children()) {
    if (workers_.contains(pid)) continue;
    const int session = getsid(pid);
    // A child in the supervisor's own session was started by a job on a thread.
    if (session < 0 || session == own_session || !belongs_to(pid, session, worker_pid)) continue;
    kill(pid, SIGKILL);
    if (waitpid(pid, nullptr, WNOHANG) != pid) left = true;
    // Its own children are given to the supervisor only now.
    left = true;
  }
  return !left;
}

bool RunFamilies::belongs_to(int pid, int session, int worker_pid) const {
  if (session == worker_pid) return true;
  if (workers_.contains(session)) return false;
  // Of what is dead, only its cgroup is still to be seen.
  auto run = cgroups_.run_of(pid);
  if (!run) run = marked_run(pid, token_);
  if (run) {
    for (const auto& [worker, active] : workers_)
      if (active == *run) return worker == worker_pid;
    return true;
  }
  // Nothing tells whose it is: it goes when no other run can need it.
  return workers_.size() == 1;
}

}  // namespace rota
