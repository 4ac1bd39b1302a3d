#include "supervisor/job/spread.h"

#include <doctest/doctest.h>

#include <set>

using namespace std::chrono_literals;
using rota::spread_offset;

TEST_CASE("the offset of a name never changes") {
  // Recorded occurrences hold these offsets: they may never become others.
  const struct {
    const char* name;
    std::chrono::seconds window;
    std::chrono::seconds offset;
  } kRows[] = {
      {"clean_up_embeddings", 1h, 2419s},
      {"a", 10min, 583s},
      {"b", 10min, 580s},
      {"a", 1s, 0s},
      {"a", 0s, 0s},
      {"a", -5s, 0s},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    CHECK(spread_offset(row.name, row.window) == row.offset);
  }
}

TEST_CASE("the offset lies within the window and all of it is used") {
  std::set<std::chrono::seconds> offsets;
  for (int number = 0; number < 1000; ++number) {
    const auto offset = spread_offset("job_" + std::to_string(number), 10s);
    CHECK(offset >= 0s);
    CHECK(offset < 10s);
    offsets.insert(offset);
  }
  CHECK(offsets.size() == 10);
}
