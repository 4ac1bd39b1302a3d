// Never reads what the supervisor sends, and goes on.
#include <csignal>

#include "tests/zoo/animal.h"

int main() {
  std::signal(SIGTERM, SIG_IGN);
  zoo::hello();
  for (int i = 0;; ++i) {
    zoo::message("{\"type\":\"progress\",\"done\":" + std::to_string(i) + "}\n");
    usleep(100'000);
  }
}
