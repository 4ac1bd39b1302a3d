// Writes ten gigabytes, or what the file flood_bytes says, to its output.
#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  const std::string piece(std::size_t{1} << 16, 'x');
  for (long long left = zoo::number_in("flood_bytes", 10'000'000'000); left > 0; left -= 1 << 16)
    if (!zoo::put(1, piece)) return 1;
  zoo::result();
}
