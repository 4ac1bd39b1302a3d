#include "common/text/nearest_word.h"

#include <doctest/doctest.h>

using rota::nearest_word;

TEST_CASE("the nearest word is the one with the fewest edits") {
  CHECK(nearest_word("thread", {"threads", "processes", "zone"}) == "threads");
  CHECK(nearest_word("lsiten", {"listen", "port_file"}) == "listen");
  CHECK(nearest_word("threads", {"threads"}) == "threads");
}

TEST_CASE("a word that is far from all is not guessed at") {
  CHECK_FALSE(nearest_word("colour", {"threads", "zone"}));
  CHECK_FALSE(nearest_word("x", {}));
  CHECK(rota::suggestion("colour", {"threads"}).empty());
  CHECK(rota::suggestion("thread", {"threads"}) == "; did you mean threads?");
}
