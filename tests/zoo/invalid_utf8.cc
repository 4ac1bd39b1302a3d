// A message that is not UTF-8.
#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  zoo::message("{\"type\":\"log\",\"message\":\"\xc3\x28 \xff\"}\n");
  zoo::stay();
}
