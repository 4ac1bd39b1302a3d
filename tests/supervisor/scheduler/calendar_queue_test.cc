#include "supervisor/scheduler/calendar_queue.h"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <tuple>

namespace rota {
namespace {

using namespace std::chrono_literals;

constexpr Instant kMonday = std::chrono::sys_days{std::chrono::year{2026} / 3 / 2};

CalendarItem take_first(CalendarQueue& queue) {
  const CalendarItem first = queue.top();
  queue.pop();
  return first;
}

TEST_CASE("items come in the order of time, of one instant in that of the entries") {
  CalendarQueue queue;
  CHECK(queue.empty());
  queue.push({kMonday + 24h, 1});
  queue.push({kMonday + 1s, 3});
  queue.push({kMonday + 24h, 0});
  queue.push({kMonday, 2});
  CHECK(take_first(queue).entry == 2);
  CHECK(take_first(queue).entry == 3);
  CHECK(take_first(queue).entry == 0);
  CHECK(take_first(queue).entry == 1);
  CHECK(queue.empty());
}

TEST_CASE("what is pushed for a time that has gone comes first") {
  CalendarQueue queue;
  queue.push({kMonday + 2h, 1});
  queue.push({kMonday + 2h, 2});
  queue.pop();
  queue.push({kMonday, 3});
  queue.push({kMonday - 24h, 4});
  CHECK(take_first(queue).entry == 4);
  CHECK(take_first(queue).entry == 3);
  CHECK(take_first(queue).entry == 2);
  CHECK(queue.empty());
}

TEST_CASE("a queue that was cleared begins anew, also at an earlier time") {
  CalendarQueue queue;
  queue.push({kMonday + 24h, 1});
  queue.push({kMonday + 24h, 2});
  queue.pop();
  queue.push({kMonday + 48h, 3});
  queue.clear();
  CHECK(queue.empty());
  queue.push({kMonday, 4});
  CHECK(take_first(queue).entry == 4);
  CHECK(queue.empty());
}

// Pushes and pops at random; `ahead` draws how far from the last that was taken an item is due.
void compare_with_a_sorted_set(std::uniform_int_distribution<int> ahead, std::mt19937& random) {
  using Sorted = std::tuple<Instant, std::uint32_t, std::uint32_t>;
  CalendarQueue queue;
  std::set<Sorted> sorted;
  Instant now = kMonday;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const auto what = random() % 100;
    if (what < 55 || sorted.empty()) {
      const CalendarItem item{now + std::chrono::seconds{ahead(random)}, i, i / 2};
      queue.push(item);
      sorted.emplace(item.at, item.entry, item.generation);
    } else if (what == 99 && random() % 50 == 0) {
      queue.clear();
      sorted.clear();
    } else {
      const CalendarItem first = take_first(queue);
      REQUIRE(Sorted{first.at, first.entry, first.generation} == *sorted.begin());
      sorted.erase(sorted.begin());
      now = first.at;
    }
    REQUIRE(queue.empty() == sorted.empty());
    if (!sorted.empty()) REQUIRE(queue.top().entry == std::get<1>(*sorted.begin()));
  }
}

TEST_CASE("of pushes and pops in any order the items come as from a sorted set") {
  std::mt19937 random{20'260'302};
  for (int round = 0; round < 5; ++round) {
    compare_with_a_sorted_set(std::uniform_int_distribution{0, 10}, random);
    compare_with_a_sorted_set(std::uniform_int_distribution{1, 86'400}, random);
    compare_with_a_sorted_set(std::uniform_int_distribution{1, 31'536'000}, random);
    compare_with_a_sorted_set(std::uniform_int_distribution{-7'200, 7'200}, random);
  }
}

}  // namespace
}  // namespace rota
