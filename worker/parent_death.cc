#include "worker/parent_death.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

namespace rota {

namespace {

bool ask_for(int signal) {
  prctl(PR_SET_PDEATHSIG, signal);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread yet
  const char* supervisor = std::getenv("ROTA_SUPERVISOR_PID");
  // It may have died before the request.
  return !supervisor || std::to_string(getppid()) == supervisor;
}

}  // namespace

bool die_with_supervisor() { return ask_for(SIGKILL); }

bool wake_with_supervisors_end() { return ask_for(SIGCONT); }

}  // namespace rota
