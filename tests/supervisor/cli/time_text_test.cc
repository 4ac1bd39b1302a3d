#include "supervisor/cli/time_text.h"

#include <doctest/doctest.h>

#include <chrono>

#include "common/time/rfc3339.h"

using namespace std::chrono_literals;
using rota::time_text;

TEST_CASE("an instant is shown as a clock in the zone shows it") {
  CHECK(time_text("2026-03-01T01:20:00.123Z", "Europe/Brussels") == "2026-03-01 02:20:00");
  CHECK(time_text("2026-07-01T01:20:00.000Z", "Europe/Brussels") == "2026-07-01 03:20:00");
  CHECK(time_text("2026-03-01T01:20:00+01:00", "UTC") == "2026-03-01 00:20:00");
}

TEST_CASE("what is no instant stays as it is") {
  CHECK(time_text("", "UTC").empty());
  CHECK(time_text("soon", "UTC") == "soon");
}

TEST_CASE("since is an instant or how long ago") {
  const rota::Instant now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h;
  CHECK(rota::parse_since("2h", now) == now - 2h);
  CHECK(rota::parse_since("1 day", now) == now - 24h);
  CHECK(rota::parse_since("2026-03-01T13:00:00+01:00", now) == now);
  CHECK_FALSE(rota::parse_since("yesterday", now).has_value());
}

TEST_CASE("a duration is between two instants or nothing") {
  CHECK(rota::duration_text("2026-03-01T00:00:00Z", "2026-03-01T00:01:20Z") == "1 min 20 s");
  CHECK(rota::duration_text("2026-03-01T00:00:00Z", "").empty());
}
