#include "worker/run_end.h"

#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "worker/start_error.h"

namespace rota {
namespace {

std::string own_entry(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here sets the environment
  const char* value = std::getenv(name);
  return value ? std::string{name} + "=" + value : std::string{};
}

bool is_of_run(const std::filesystem::path& process, const std::string& token, const std::string& run) {
  std::ifstream file{process / "environ", std::ios::binary};
  bool has_token = false;
  bool has_run = false;
  for (std::string entry; std::getline(file, entry, '\0');) {
    has_token = has_token || entry == token;
    has_run = has_run || entry == run;
  }
  return has_token && has_run;
}

// Kills all but this process; true if there was one.
bool kill_others(const std::string& token, const std::string& run) {
  bool found = false;
  for (const auto& process : std::filesystem::directory_iterator{"/proc"}) {
    const int pid = std::atoi(process.path().filename().c_str());
    // One that has ended has no environment, so the search comes to an end.
    if (pid <= 0 || pid == getpid() || !is_of_run(process.path(), token, run)) continue;
    found = true;
    kill(pid, SIGKILL);
  }
  return found;
}

[[noreturn]] void guard(int from_supervisor) {
  prctl(PR_SET_NAME, "rota-guardian");
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) std::signal(signal, SIG_IGN);
  // Nobody must wait for the end of a pipe because of this process.
  if (from_supervisor > 0) close_range(0, static_cast<unsigned>(from_supervisor) - 1, 0);
  close_range(static_cast<unsigned>(from_supervisor) + 1, ~0U, 0);
  char ignored = 0;
  for (;;) {
    const ssize_t count = read(from_supervisor, &ignored, 1);
    if (count == 0 || (count < 0 && errno != EINTR)) end_whole_run();
  }
}

}  // namespace

void end_whole_run() {
  const std::string token = own_entry("ROTA_RUN_TOKEN");
  const std::string run = own_entry("ROTA_RUN_ID");
  try {
    // What forks faster than it is found is the business of its cgroup.
    for (int pass = 0; pass < 1000 && !token.empty() && kill_others(token, run); ++pass) {
    }
  } catch (const std::exception&) {
    // Without /proc the group is all that is known.
  }
  kill(0, SIGKILL);
  std::_Exit(1);
}

void start_guardian(int from_supervisor) {
  const pid_t child = fork();
  if (child < 0) throw system_refused("cannot start the guardian of the run", errno);
  if (child == 0) {
    // The parent of the guardian ends at once, so that it is given to the supervisor.
    const pid_t guardian = fork();
    if (guardian == 0) guard(from_supervisor);
    std::_Exit(guardian < 0 ? 1 : 0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) throw system_refused("cannot start the guardian of the run", EAGAIN);
}

}  // namespace rota
