// Touches what is not there.
#include <csignal>

#include "tests/zoo/animal.h"

int main() {
  std::signal(SIGSEGV, SIG_DFL);
  zoo::hello();
  raise(SIGSEGV);
}
