// Does not hear of the end.
#include <csignal>

#include "tests/zoo/animal.h"

int main() {
  std::signal(SIGTERM, SIG_IGN);
  zoo::hello();
  zoo::stay();
}
