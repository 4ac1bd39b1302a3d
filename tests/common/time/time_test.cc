#include <doctest/doctest.h>

#include <chrono>

#include "common/time/duration.h"
#include "common/time/rfc3339.h"

using namespace std::chrono_literals;
using rota::format_duration;
using rota::Instant;
using rota::parse_duration;
using rota::parse_rfc3339;

TEST_CASE("an instant survives its text") {
  for (const std::int64_t milliseconds : {0LL, 1LL, -1LL, 1'795'517'999'123LL, 253'402'300'799'999LL}) {
    const Instant instant{std::chrono::milliseconds{milliseconds}};
    CHECK(parse_rfc3339(rota::format_rfc3339(instant)) == instant);
  }
  CHECK(rota::format_rfc3339(Instant{1ms}) == "1970-01-01T00:00:00.001Z");
}

TEST_CASE("offsets are read and shown") {
  const Instant noon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h;
  CHECK(parse_rfc3339("2026-03-01T13:00:00+01:00") == noon);
  CHECK(parse_rfc3339("2026-03-01 06:30:00.5-05:30") == noon + 500ms);
  CHECK(rota::format_rfc3339(std::chrono::floor<std::chrono::seconds>(noon), -5h - 30min) ==
        "2026-03-01T06:30:00-05:30");
}

TEST_CASE("what is no instant is refused") {
  for (const char* text :
       {"", "2026-03-01", "2026-03-01T12:00:00", "2026-02-30T12:00:00Z", "2026-03-01T24:00:00Z",
        "2026-03-01T12:00:00Zjunk", "2026-03-01T12:00:00.Z", "2026-3-1T12:00:00Z", "2026-03-01T12:00:00+1"})
    CHECK_FALSE(parse_rfc3339(text));
}

TEST_CASE("durations are read as people write them") {
  CHECK(parse_duration("15 minutes") == 15min);
  CHECK(parse_duration("1h30m") == 90min);
  CHECK(parse_duration("1 hour 30 minutes") == 90min);
  CHECK(parse_duration("500 ms") == 500ms);
  CHECK(parse_duration(" 2w ") == 336h);
  CHECK(parse_duration("0s") == 0ms);
  for (const char* text :
       {"", "15", "minutes", "-5s", "1.5h", "5 parsecs", "99999999999999999 d", "36526 days"})
    CHECK_FALSE(parse_duration(text));
}

TEST_CASE("durations are shown by their two largest units") {
  CHECK(format_duration(0ms) == "0 s");
  CHECK(format_duration(250ms) == "250 ms");
  CHECK(format_duration(90min + 5s) == "1 h 30 min");
  CHECK(format_duration(24h) == "1 d");
}
