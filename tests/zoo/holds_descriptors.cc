// Leaves a child in another session that holds every descriptor that it has got.
#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  if (fork() == 0) {
    setsid();
    if (fork() != 0) _exit(0);
    for (int descriptor = 5; descriptor < 64; ++descriptor) fcntl(4, F_DUPFD, 5);
    zoo::note_pid();
    zoo::stay();
  }
  while (zoo::noted_pids() < 1) usleep(1000);
  zoo::result();
}
