// Writes what is no message.
#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  zoo::message("\x7f\x45LF garbage }{ \\ \" not a message\n");
  zoo::stay();
}
