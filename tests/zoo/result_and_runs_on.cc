// Has its result and does not end.
#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  zoo::result();
  zoo::stay();
}
