// Was installed with another supervisor.
#include "tests/zoo/animal.h"

int main() {
  zoo::message("{\"type\":\"hello\",\"version\":99,\"pid\":1}\n");
  zoo::stay();
}
