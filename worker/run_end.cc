#include "worker/run_end.h"

#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>

#include "common/process/run_marks.h"
#include "worker/start_error.h"

namespace rota {
namespace {

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
  const RunMarks own = run_marks_of(getpid());
  try {
    // What forks faster than it is found is the business of its cgroup.
    const auto of_this_run = [&](const RunMarks& each) {
      return each.token == own.token && each.run_id == own.run_id;
    };
    for (int pass = 0; pass < 1000 && !own.token.empty() && kill_marked(of_this_run) > 0; ++pass) {
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
