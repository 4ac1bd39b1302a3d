#include "supervisor/crontab/cron_meaning.h"

#include <doctest/doctest.h>

#include <chrono>

#include "common/time/rfc3339.h"

namespace {

std::string text_of(std::string_view entry, std::string_view after, int count = 1) {
  const auto fields = rota::read_cron_fields(entry);
  REQUIRE(fields);
  std::string text;
  const auto from = std::chrono::floor<std::chrono::seconds>(*rota::parse_rfc3339(after));
  for (const auto instant : rota::cron_occurrences(*fields, "Europe/Brussels", from, count))
    text += (text.empty() ? "" : " ") + rota::format_rfc3339(instant, std::chrono::seconds{0}).substr(5, 11);
  return text;
}

}  // namespace

TEST_CASE("cron runs what the local clock shows") {
  const struct {
    const char* entry;
    const char* after;
    const char* next;
  } kRows[] = {
      {"20 2 * * *", "2026-06-01T00:20:00Z", "06-02T00:20"},
      {"20 2 * * *", "2026-06-01T00:19:59Z", "06-01T00:20"},
      {"*/15 * * * *", "2026-06-01T00:20:00Z", "06-01T00:30"},
      {"5/15 * * * *", "2026-06-01T00:20:00Z", "06-01T00:35"},
      {"0 0 13 * 5", "2026-06-01T00:00:00Z", "06-04T22:00"},
      {"0 0 */2 * 5", "2026-06-01T00:00:00Z", "06-04T22:00"},
      {"0 0 * * sun", "2026-06-01T00:00:00Z", "06-06T22:00"},
      {"0 0 * * 7", "2026-06-01T00:00:00Z", "06-06T22:00"},
      {"0 12 29 feb *", "2026-06-01T00:00:00Z", "02-29T11:00"},
      {"@yearly", "2026-06-01T00:00:00Z", "12-31T23:00"},
      {"0 0 30 2 *", "2026-06-01T00:00:00Z", ""},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.entry);
    CHECK(text_of(row.entry, row.after) == row.next);
  }
}

TEST_CASE("cron runs right after a jump what the clock jumped over") {
  CHECK(text_of("30 2 * * *", "2026-03-28T12:00:00Z", 2) == "03-29T01:00 03-30T00:30");
  CHECK(text_of("10,40 2 * * *", "2026-03-28T12:00:00Z", 2) == "03-29T01:00 03-30T00:10");
  CHECK(text_of("30 * * * *", "2026-03-29T00:00:00Z", 2) == "03-29T00:30 03-29T01:30");
  CHECK(text_of("30 3 * * *", "2026-03-28T12:00:00Z", 1) == "03-29T01:30");
}

TEST_CASE("cron runs once a day what the clock shows twice unless it follows the clock") {
  CHECK(text_of("30 2 * * *", "2026-10-24T12:00:00Z", 2) == "10-25T00:30 10-26T01:30");
  CHECK(text_of("30 2 * * *", "2026-10-25T00:30:00Z", 1) == "10-26T01:30");
  CHECK(text_of("30 * * * *", "2026-10-25T00:00:00Z", 2) == "10-25T00:30 10-25T01:30");
}

TEST_CASE("what is no schedule of cron is not read") {
  for (const char* entry : {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *",
                            "* * * 13 *", "* * * * 8", "9-1 * * * *", "*/0 * * * *", "1,,2 * * * *",
                            "a * * * *", "* * * anj *", "1-x * * * *", "@reboot", "@DAILY", "5- * * * *"}) {
    CAPTURE(entry);
    CHECK_FALSE(rota::read_cron_fields(entry));
  }
}
