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

TEST_CASE("since is how long ago, an instant or what a clock in the zone shows") {
  const rota::Instant now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h;
  const auto since = [&](const char* text) { return rota::parse_since(text, now, "Europe/Brussels"); };
  CHECK(since("2h") == now - 2h);
  CHECK(since("1 day") == now - 24h);
  CHECK(since("2026-03-01T13:00:00+01:00") == now);
  CHECK(since("2026-03-01 13:00:00") == now);
  CHECK(since("2026-03-01 13:00") == now);
  CHECK(since("2026-03-01") == now - 13h);
  CHECK(rota::parse_since("2026-03-01", now, "UTC") == now - 12h);
  for (const char* none : {"yesterday", "", "2026", "2026-03-01 1", "2026-03-01 25:00", "2026-02-30",
                           "2026-03-01 13:00:00 ", "2026-03-01x13:00:00"})
    CHECK_FALSE(since(none).has_value());
}

TEST_CASE("a duration is between two instants or nothing") {
  CHECK(rota::duration_text("2026-03-01T00:00:00Z", "2026-03-01T00:01:20Z") == "1 min 20 s");
  CHECK(rota::duration_text("2026-03-01T00:00:00Z", "").empty());
}
