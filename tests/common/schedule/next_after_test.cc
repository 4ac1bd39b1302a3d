#include <doctest/doctest.h>
#include <rota/schedule.h>

#include <chrono>
#include <string>
#include <vector>

#include "common/time/rfc3339.h"

using rota::parse_schedule;
using rota::Schedule;
using namespace std::chrono_literals;
using std::chrono::sys_seconds;

namespace {

sys_seconds at(const std::string& text) {
  const auto instant = rota::parse_rfc3339(text);
  REQUIRE_MESSAGE(instant, text);
  return std::chrono::floor<std::chrono::seconds>(*instant);
}

std::vector<std::string> occurrences(const std::string& schedule, const std::string& from, int count) {
  const Schedule parsed = parse_schedule(schedule);
  std::vector<std::string> found;
  for (auto next = parsed.next_after(at(from)); next && count > 0; next = parsed.next_after(*next), --count)
    found.push_back(rota::format_rfc3339(*next, 0s).substr(0, 19));
  return found;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a civil time in a gap is read with the offset before the gap") {
  CHECK(occurrences("every day at 02:23 in Europe/Brussels", "2026-03-28T12:00:00Z", 2) ==
        Texts{"2026-03-29T01:23:00", "2026-03-30T00:23:00"});
  CHECK(occurrences("23 2 * * * in Europe/Brussels", "2026-03-28T12:00:00Z", 1) ==
        Texts{"2026-03-29T01:23:00"});
  CHECK(occurrences("every day at 02:10 in Australia/Lord_Howe", "2026-10-03T00:00:00Z", 1) ==
        Texts{"2026-10-03T15:40:00"});
}

TEST_CASE("two entries that a gap moves to one instant are one occurrence") {
  CHECK(occurrences("30 2,3 * * * in Europe/Brussels", "2026-03-28T12:00:00Z", 2) ==
        Texts{"2026-03-29T01:30:00", "2026-03-30T00:30:00"});
}

TEST_CASE("a civil time that occurs twice is its first") {
  CHECK(occurrences("every day at 02:30 in Europe/Brussels", "2026-10-24T12:00:00Z", 2) ==
        Texts{"2026-10-25T00:30:00", "2026-10-26T01:30:00"});
}

TEST_CASE("what follows the clock fires in both passes and has nothing in a gap") {
  CHECK(occurrences("every hour at :15 in Europe/Brussels", "2026-10-25T00:00:00Z", 3) ==
        Texts{"2026-10-25T00:15:00", "2026-10-25T01:15:00", "2026-10-25T02:15:00"});
  CHECK(occurrences("*/30 2 * * * in Europe/Brussels", "2026-10-24T12:00:00Z", 5) ==
        Texts{"2026-10-25T00:00:00", "2026-10-25T00:30:00", "2026-10-25T01:00:00", "2026-10-25T01:30:00",
              "2026-10-26T01:00:00"});
  CHECK(occurrences("*/30 2 * * * in Europe/Brussels", "2026-03-28T12:00:00Z", 1) ==
        Texts{"2026-03-30T00:00:00"});
  CHECK(occurrences("every 2 hours in Europe/Brussels", "2026-03-28T23:30:00Z", 2) ==
        Texts{"2026-03-29T02:00:00", "2026-03-29T04:00:00"});
}

TEST_CASE("a day that the calendar skips has its occurrence at the day after") {
  CHECK(occurrences("every day at 04:40 in Pacific/Apia", "2011-12-29T00:00:00Z", 3) ==
        Texts{"2011-12-29T14:40:00", "2011-12-30T14:40:00", "2011-12-31T14:40:00"});
}

TEST_CASE("an interval that does not divide the day is elapsed time from the anchor") {
  const auto seven = parse_schedule("every 7 minutes");
  const auto next = seven.next_after(at("2026-06-01T12:00:00Z"));
  REQUIRE(next);
  CHECK((*next - at("1970-01-05T00:00:00Z")) % 7min == 0s);
  CHECK(*next - at("2026-06-01T12:00:00Z") <= 7min);
}

TEST_CASE("weeks count from the anchor or from a date") {
  CHECK(occurrences("every 2 weeks on monday at 02:00", "2026-01-01T00:00:00Z", 2) ==
        Texts{"2026-01-05T02:00:00", "2026-01-19T02:00:00"});
  CHECK(occurrences("every 2 weeks on monday from 2026-01-12 at 02:00", "2026-01-01T00:00:00Z", 2) ==
        Texts{"2026-01-12T02:00:00", "2026-01-26T02:00:00"});
  CHECK(occurrences("every 10 days from 2026-03-01", "2026-01-01T00:00:00Z", 2) ==
        Texts{"2026-03-01T00:00:00", "2026-03-11T00:00:00"});
}

TEST_CASE("until is inclusive") {
  CHECK(occurrences("every day at 09:00 until 2026-01-02", "2025-12-31T12:00:00Z", 9) ==
        Texts{"2026-01-01T09:00:00", "2026-01-02T09:00:00"});
  CHECK(occurrences("every hour until 2026-01-01 02:00", "2025-12-31T23:30:00Z", 9) ==
        Texts{"2026-01-01T00:00:00", "2026-01-01T01:00:00", "2026-01-01T02:00:00"});
  CHECK(occurrences("every 6 hours until 12:00", "2026-01-01T05:00:00Z", 4) ==
        Texts{"2026-01-01T06:00:00", "2026-01-01T12:00:00", "2026-01-02T00:00:00", "2026-01-02T06:00:00"});
}

TEST_CASE("vixies rule joins day of month and day of week") {
  CHECK(occurrences("0 0 13 * 5", "2026-02-01T00:00:00Z", 4) ==
        Texts{"2026-02-06T00:00:00", "2026-02-13T00:00:00", "2026-02-20T00:00:00", "2026-02-27T00:00:00"});
  CHECK(occurrences("0 0 */2 * 5", "2026-02-01T00:00:00Z", 2) ==
        Texts{"2026-02-13T00:00:00", "2026-02-27T00:00:00"});
  CHECK(occurrences("0 0 * * 7", "2026-02-01T00:00:00Z", 1) == Texts{"2026-02-08T00:00:00"});
  CHECK(occurrences("0 0 29 2 *", "2026-01-01T00:00:00Z", 2) ==
        Texts{"2028-02-29T00:00:00", "2032-02-29T00:00:00"});
}

TEST_CASE("a fixed delay counts from the finish") {
  const auto schedule = parse_schedule("10 minutes after finish");
  CHECK(schedule.counts_from_finish());
  CHECK(schedule.next_after(at("2026-01-01T00:00:07Z")) == at("2026-01-01T00:10:07Z"));
}

TEST_CASE("random intervals keep their bounds and do not depend on where one begins") {
  for (const char* text :
       {"every 5 to 10 minutes", "every 1 to 2 seconds", "every 2 to 9 days at 03:00 in Europe/Brussels"}) {
    CAPTURE(text);
    const Schedule schedule = parse_schedule(text).with_seed("a job");
    const bool days = std::string{text}.find("days") != std::string::npos;
    const std::chrono::seconds low = days                                                    ? 2 * 24h - 1h
                                     : std::string{text}.find("second") != std::string::npos ? 1s
                                                                                             : 5min;
    const std::chrono::seconds high = days                                                    ? 9 * 24h + 1h
                                      : std::string{text}.find("second") != std::string::npos ? 2s
                                                                                              : 10min;
    auto before = *schedule.next_after(at("2026-03-01T00:00:00Z"));
    bool varies = false;
    std::chrono::seconds first_gap{0};
    for (int i = 0; i < 500; ++i) {
      const auto next = *schedule.next_after(before);
      const auto gap = next - before;
      REQUIRE(gap >= low);
      REQUIRE(gap <= high);
      REQUIRE(schedule.next_after(before + gap / 2) == next);
      REQUIRE(schedule.next_after(next - 1s) == next);
      if (first_gap == 0s) first_gap = gap;
      varies = varies || gap != first_gap;
      before = next;
    }
    CHECK(varies);
  }
  const auto here = at("2026-03-01T00:00:00Z");
  CHECK(parse_schedule("every 5 to 10 minutes").with_seed("one").next_after(here) !=
        parse_schedule("every 5 to 10 minutes").with_seed("two").next_after(here));
}

TEST_CASE("occurrences ascend strictly and do not depend on the instant before") {
  for (const char* zone : {"Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
                           "Asia/Kathmandu", "Pacific/Apia"})
    for (const char* text :
         {"every day at 02:30", "every 90 minutes", "15,45 0-4 * * *", "every 11 hours", "7 * * * *"}) {
      CAPTURE(zone);
      CAPTURE(text);
      const Schedule schedule = parse_schedule(text).with_default_zone(zone);
      auto before = at("2011-10-01T00:00:00Z");
      for (int i = 0; i < 3000; ++i) {
        const auto next = schedule.next_after(before);
        REQUIRE(next);
        REQUIRE(*next > before);
        REQUIRE(schedule.next_after(*next - 1s) == next);
        before = *next;
      }
    }
}

TEST_CASE("nothing comes after the year 9999") {
  CHECK_FALSE(parse_schedule("every day").next_after(at("9999-12-31T23:00:00Z")));
}
