// Has two results.
#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  zoo::result();
  zoo::result();
}
