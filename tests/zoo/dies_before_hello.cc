// Is killed before its first word.
#include <csignal>

#include "tests/zoo/animal.h"

int main() {
  if (std::getenv("ROTA_EVENTS_FD")) return 127;  // as a command it is late for that
  raise(SIGKILL);
}
