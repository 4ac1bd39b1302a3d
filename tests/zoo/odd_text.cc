// Output and an error with NULs, control characters, line feeds and what is no UTF-8.
#include <string_view>

#include "tests/zoo/animal.h"

int main() {
  using std::literals::operator""sv;
  zoo::hello();
  zoo::put(1, "a\0b \xff\xfe \x1b[31m red \r\n"sv);
  zoo::message(
      R"({"type":"result","success":false,"error_type":"o\u0000d","error":"x\u0000y\nforged \u001b[2J <b>\ud83d\ude00"})"
      "\n");
}
