// Has its result, and leaves a child in its session, one that has left it, and one without its environment.
#include <sys/types.h>

#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  if (fork() == 0) {
    zoo::note_pid();
    zoo::stay();
  }
  for (const bool without_environment : {false, true}) {
    if (fork() != 0) continue;
    setsid();
    if (fork() != 0) _exit(0);
    zoo::note_pid();
    if (without_environment) {
      char name[] = "sleep";
      char time[] = "1000";
      char* arguments[] = {name, time, nullptr};
      char* nothing[] = {nullptr};
      execve("/usr/bin/sleep", arguments, nothing);
    }
    zoo::stay();
  }
  while (zoo::noted_pids() < 3) usleep(1000);
  zoo::result();
}
