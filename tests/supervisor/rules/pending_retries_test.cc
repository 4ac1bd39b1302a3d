#include "supervisor/rules/pending_retries.h"

#include <doctest/doctest.h>

namespace rota {
namespace {

using namespace std::chrono_literals;

constexpr Instant kNoon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + std::chrono::hours{12};

Run retry(RunId id, Instant not_before) {
  Run row;
  row.id = id;
  row.not_before = not_before;
  return row;
}

TEST_CASE("retries come out in the order of their time and once") {
  PendingRetries retries;
  retries.add(retry(1, kNoon + 2min), kNoon);
  retries.add(retry(2, kNoon + 1min), kNoon);
  retries.add(retry(3, kNoon + 1h), kNoon);
  CHECK(retries.next_at() == kNoon + 1min);
  CHECK(retries.take_due(kNoon + 59s).empty());
  const auto due = retries.take_due(kNoon + 2min);
  REQUIRE(due.size() == 2);
  CHECK(due[0].id == 2);
  CHECK(due[1].id == 1);
  CHECK(retries.take_due(kNoon + 2min).empty());
  CHECK(retries.next_at() == kNoon + 1h);
}

TEST_CASE("one that is taken out does not come any more") {
  PendingRetries retries;
  retries.add(retry(1, kNoon), kNoon);
  CHECK_FALSE(retries.take(2));
  CHECK(retries.take(1)->id == 1);
  CHECK(retries.take_due(kNoon).empty());
  CHECK_FALSE(retries.next_at());
}

TEST_CASE("a clock that is set back makes no retry wait longer than it was to wait") {
  PendingRetries retries;
  Run row = retry(1, kNoon + 10min);
  row.queued_at = kNoon;
  retries.add(row, kNoon);
  CHECK(retries.take_due(kNoon + 1min).empty());
  CHECK(retries.take_due(kNoon - 24h).empty());
  CHECK(retries.next_at() == kNoon - 24h + 10min);
  CHECK(retries.take_due(kNoon - 24h + 10min).size() == 1);
}

TEST_CASE("a clock that is set back to after the latest look is seen by what was added since") {
  PendingRetries retries;
  CHECK(retries.take_due(kNoon).empty());
  Run row = retry(1, kNoon + 40min);
  row.queued_at = kNoon + 30min;
  retries.add(row, kNoon + 30min);
  CHECK(retries.take_due(kNoon + 10min).empty());
  CHECK(retries.next_at() == kNoon + 20min);
}

TEST_CASE("a retry that is taken up under a clock that was set back waits no longer than it was to wait") {
  PendingRetries retries;
  Run row = retry(1, kNoon + 10min);
  row.queued_at = kNoon;
  retries.add(row, kNoon - 24h);
  CHECK(retries.next_at() == kNoon - 24h + 10min);
  CHECK(retries.take(1)->id == 1);
  CHECK_FALSE(retries.next_at());
}

}  // namespace
}  // namespace rota
