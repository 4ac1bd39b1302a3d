// Leaves before its first word, as a worker that cannot load its libraries does.
#include "tests/zoo/animal.h"

int main() { return 127; }
