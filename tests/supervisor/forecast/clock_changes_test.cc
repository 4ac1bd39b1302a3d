#include "supervisor/forecast/clock_changes.h"

#include <doctest/doctest.h>

#include "tests/supervisor/forecast/forecast_under_test.h"

namespace rota {
namespace {

using namespace std::chrono_literals;
using Effect = ClockChange::Effect;

std::vector<ClockChange> changes_of(std::string_view schedule, std::string_view from, std::string_view to) {
  ForecastInput input = one_day({job("j", schedule, 1min)});
  input.from = at(from);
  input.to = at(to);
  return find_clock_changes(input);
}

// In Europe/Brussels 02:00 to 03:00 does not exist on 2026-03-29, and comes twice on 2026-10-25.
std::vector<ClockChange> spring(std::string_view schedule) {
  return changes_of(schedule, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z");
}
std::vector<ClockChange> autumn(std::string_view schedule) {
  return changes_of(schedule, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z");
}

std::string local_text(std::int64_t local) {
  return format_rfc3339(Instant{std::chrono::seconds{local}}).substr(0, 16);
}

TEST_CASE("a time that does not exist is moved and one that comes twice runs once if it is a time of day") {
  for (const std::string schedule : {"every day at 02:30 in Europe/Brussels", "30 2 * * * in Europe/Brussels",
                                     "every sunday at 02:30 in Europe/Brussels"}) {
    CAPTURE(schedule);
    const auto gap = spring(schedule);
    REQUIRE(gap.size() == 1);
    CHECK(gap[0].effect == Effect::moved);
    CHECK(gap[0].change_at == at("2026-03-29T01:00:00Z"));
    CHECK(gap[0].offset_after - gap[0].offset_before == 1h);
    CHECK(local_text(gap[0].first_local) == "2026-03-29T02:30");
    CHECK(gap[0].first_runs_at == at("2026-03-29T01:30:00Z"));  // 03:30 on the new clock
    CHECK(gap[0].times == 1);
    const auto fold = autumn(schedule);
    REQUIRE(fold.size() == 1);
    CHECK(fold[0].effect == Effect::once);
    CHECK(fold[0].change_at == at("2026-10-25T01:00:00Z"));
    CHECK(local_text(fold[0].first_local) == "2026-10-25T02:30");
    CHECK(fold[0].first_runs_at == at("2026-10-25T00:30:00Z"));
  }
}

TEST_CASE("what follows the clock has nothing in the gap and comes in both passes of the fold") {
  for (const std::string schedule :
       {"every 10 minutes in Europe/Brussels", "*/10 * * * * in Europe/Brussels"}) {
    CAPTURE(schedule);
    const auto gap = spring(schedule);
    REQUIRE(gap.size() == 1);
    CHECK(gap[0].effect == Effect::left_out);
    CHECK(gap[0].times == 6);
    CHECK(local_text(gap[0].first_local) == "2026-03-29T02:00");
    CHECK(local_text(gap[0].last_local) == "2026-03-29T02:50");
    const auto fold = autumn(schedule);
    REQUIRE(fold.size() == 1);
    CHECK(fold[0].effect == Effect::both);
    CHECK(fold[0].times == 6);
    CHECK(fold[0].first_runs_at == at("2026-10-25T00:00:00Z"));
  }
}

TEST_CASE("what is due at another time or by elapsed time or in another zone has no part in the change") {
  for (const std::string schedule :
       {"every day at 01:59 in Europe/Brussels", "every day at 03:00 in Europe/Brussels",
        "every monday at 02:30 in Europe/Brussels", "every 7 minutes in Europe/Brussels",
        "10 minutes after finish in Europe/Brussels", "every day at 02:30 in America/New_York",
        "every day at 02:30", "every day at 02:30 in Europe/Brussels until 2026-03-28"}) {
    CAPTURE(schedule);
    CHECK(spring(schedule).empty());
  }
  CHECK(autumn("every day at 03:00 in Europe/Brussels").empty());
  CHECK(autumn("every day at 02:00 in Europe/Brussels").size() == 1);
}

TEST_CASE("a change outside the range is not told and of several each is") {
  CHECK(changes_of("every day at 02:30 in Europe/Brussels", "2026-03-29T12:00:00Z", "2026-10-24T12:00:00Z")
            .empty());
  CHECK(changes_of("every day at 02:30 in Europe/Brussels", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")
            .size() == 2);
}

TEST_CASE("what meets one change of one zone stands together though zones change at one instant") {
  ForecastInput input = one_day({job("a", "every day at 02:30 in Europe/Brussels", 1min),
                                 job("b", "every day at 02:30 in Europe/Berlin", 1min),
                                 job("c", "every 10 minutes in Europe/Brussels", 1min),
                                 job("d", "every 10 minutes in Europe/Berlin", 1min)});
  input.from = at("2026-03-28T12:00:00Z");
  input.to = at("2026-03-30T12:00:00Z");
  std::string order;
  for (const ClockChange& change : find_clock_changes(input)) order += input.jobs[change.job].name;
  CHECK(order == "bdac");
}

}  // namespace
}  // namespace rota
