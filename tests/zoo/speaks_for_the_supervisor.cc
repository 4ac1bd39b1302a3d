// Sends what only a supervisor sends.
#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  zoo::message("{\"type\":\"stop\"}\n");
  zoo::stay();
}
