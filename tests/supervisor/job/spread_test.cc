#include "supervisor/job/spread.h"

#include <doctest/doctest.h>

#include <set>

using namespace std::chrono_literals;
using rota::spread_offset;

TEST_CASE("the offset of a name never changes") {
  // Recorded occurrences hold these offsets: they may never become others.
  CHECK(spread_offset("clean_up_embeddings", 1h) == 2419s);
  CHECK(spread_offset("a", 10min) == 583s);
  CHECK(spread_offset("b", 10min) == 580s);
}

TEST_CASE("the offset lies within the window and is zero without one") {
  CHECK(spread_offset("a", 0s) == 0s);
  CHECK(spread_offset("a", -5s) == 0s);
  CHECK(spread_offset("a", 1s) == 0s);
  std::set<std::chrono::seconds> offsets;
  for (int number = 0; number < 1000; ++number) {
    const auto offset = spread_offset("job_" + std::to_string(number), 10s);
    CHECK(offset >= 0s);
    CHECK(offset < 10s);
    offsets.insert(offset);
  }
  CHECK(offsets.size() == 10);
}
