#include "worker/parent_death.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

namespace rota {

void die_with_supervisor() { prctl(PR_SET_PDEATHSIG, SIGKILL); }

void wake_with_supervisors_end() { prctl(PR_SET_PDEATHSIG, SIGCONT); }

bool has_supervisor() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread yet
  const char* supervisor = std::getenv("ROTA_SUPERVISOR_PID");
  return !supervisor || std::to_string(getppid()) == supervisor;
}

}  // namespace rota
