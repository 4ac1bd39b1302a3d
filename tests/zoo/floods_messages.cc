// Reports its progress as fast as it can, until it is stopped.
#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  std::string lines;
  while (lines.size() < 60'000)
    lines += "{\"type\":\"progress\",\"done\":1,\"total\":2,\"message\":\"on and on\"}\n";
  while (zoo::message(lines)) {
  }
}
