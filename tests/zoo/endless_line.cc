// Writes a line of one gigabyte, or as much of it as somebody reads.
#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  const std::string piece(std::size_t{1} << 20, 'x');
  for (int i = 0; i < 1024; ++i)
    if (!zoo::message(piece)) break;
  zoo::stay();
}
