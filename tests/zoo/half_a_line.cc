// Leaves in the middle of its result.
#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  zoo::message(R"({"type":"res)");
}
