// A NUL in the middle of a message.
#include <string_view>

#include "tests/zoo/animal.h"

int main() {
  using std::literals::operator""sv;
  zoo::hello();
  zoo::message("{\"type\":\"log\",\"message\":\"be\0fore\"}\n"sv);
  zoo::stay();
}
