// A fork bomb whose children leave their session. Its limit lets the rest of the machine live.
#include <sys/resource.h>

#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  // For a process of root the limit of its user does not hold: it becomes nobody.
  constexpr rlimit kLimit{64, 64};
  constexpr unsigned kNobody = 65534;
  zoo::note_pid();
  if (getuid() == 0 && setuid(kNobody) != 0) return 1;
  if (setrlimit(RLIMIT_NPROC, &kLimit) != 0) return 1;
  for (;;) {
    if (fork() == 0) setsid();
    usleep(100);
  }
}
