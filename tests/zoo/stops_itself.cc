// Is stopped by the signal that cannot be caught, so that SIGTERM waits.
#include <csignal>

#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  raise(SIGSTOP);
  zoo::result();
}
