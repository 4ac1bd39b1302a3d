#include "supervisor/executor/run_families.h"

#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "common/process/run_marks.h"
#include "common/process/shortage.h"

namespace rota {
namespace {

constexpr std::chrono::milliseconds kForRemains{5000};
constexpr std::chrono::milliseconds kBetweenLooks{2};
// A bomb that is limited stands still after a few looks, one that is not never would.
constexpr int kMostLooks = 100;

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

// Of the first thread, which is the loop's: it starts the workers, and to it the kernel gives the orphans of
// a subreaper (kernel/exit.c, find_new_reaper). What a job on another thread has started is none of theirs.
std::vector<int> children_of(int pid) {
  const std::string name = std::to_string(pid);
  std::ifstream file = open_to_look("/proc/" + name + "/task/" + name + "/children");
  return {std::istream_iterator<int>{file}, {}};
}

// The run whose mark stands in the environment of a process; nullopt if there is none to be read.
std::optional<RunId> marked_run(int pid, const std::string& token) {
  const RunMarks marks = run_marks_of(pid);
  if (marks.token != token || marks.run_id.empty()) return std::nullopt;
  return std::strtoll(marks.run_id.c_str(), nullptr, 10);
}

}  // namespace

RunFamilies::RunFamilies(const CgroupTree& cgroups, std::string token)
    : cgroups_{cgroups}, token_{token.empty() ? random_token() : std::move(token)} {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

int RunFamilies::end_remains() const {
  int all = 0;
  const auto end = std::chrono::steady_clock::now() + kForRemains;
  while (std::chrono::steady_clock::now() < end) {
    const int found = kill_marked([this](const RunMarks& marks) { return marks.token == token_; });
    if (found == 0) break;
    all = std::max(all, found);
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return all;
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

// True if none was found. Those whose parents live are given to the supervisor when these are dead.
bool RunFamilies::kill_leftovers(int worker_pid) const {
  const std::set<int> stopped = stop_leftovers(worker_pid);
  // The id of a child that has not been waited for is nobody else's; that of another may be by now.
  for (const int pid : stopped)
    if (waitpid(pid, nullptr, WNOHANG) == 0) kill(pid, SIGKILL);
  return stopped.empty();
}

// What is killed makes room for what forks meanwhile. So all are stopped before any is killed: then they take
// each other's room.
std::set<int> RunFamilies::stop_leftovers(int worker_pid) const {
  std::set<int> stopped;
  std::size_t before = 0;
  for (int looks = 0; looks < kMostLooks; ++looks) {
    std::vector<int> found = leftover_children(worker_pid);
    while (!found.empty()) {
      const int pid = found.back();
      found.pop_back();
      if (stopped.insert(pid).second) kill(pid, SIGSTOP);
      for (const int child : children_of(pid)) found.push_back(child);
    }
    if (stopped.size() == before) break;
    before = stopped.size();
  }
  return stopped;
}

std::vector<int> RunFamilies::leftover_children(int worker_pid) const {
  const int own_session = getsid(0);
  std::vector<int> found;
  for (const int pid : children_of(getpid())) {
    if (workers_.contains(pid)) continue;
    const int session = getsid(pid);
    // A child in the supervisor's own session is the fork server, or was started by a job on a thread.
    if (session >= 0 && session != own_session && belongs_to(pid, session, worker_pid)) found.push_back(pid);
  }
  return found;
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
