#include "supervisor/forecast/spacing.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "supervisor/forecast/moved_schedules.h"
#include "supervisor/forecast/waiting.h"
#include "tests/supervisor/forecast/forecast_under_test.h"

namespace rota {
namespace {

using namespace std::chrono_literals;

Spacing spacing_of(const ForecastInput& input) {
  return suggest_spacing(input, simulate(input, Durations::usual));
}

std::vector<std::string> moved_texts(std::string_view schedule, std::chrono::minutes grid = 5min) {
  std::vector<std::string> texts;
  for (const Schedule& moved : moved_schedules(parse_schedule(schedule), grid))
    texts.push_back(to_string(moved));
  return texts;
}

TEST_CASE("the shorter of two jobs at one minute is moved to where nothing runs and the waiting goes") {
  const auto input =
      one_day({job("backup", "every day at 02:00", 30min), job("report", "every day at 02:00", 5min)});
  const Spacing spacing = spacing_of(input);
  REQUIRE(spacing.suggestions.size() == 1);
  const Suggestion& suggestion = spacing.suggestions[0];
  CHECK(suggestion.jobs == std::vector<std::uint32_t>{1});
  CHECK(to_string(suggestion.schedule.value()) == "every day at 01:50");
  CHECK(suggestion.waiting_before == 30min);
  CHECK(suggestion.waiting_after == 0min);
  CHECK(spacing.waiting_before == 30min);
  CHECK(spacing.waiting_after == 0min);
}

TEST_CASE("every suggestion lowers what a simulation with all of them waits and its text can be read") {
  auto input =
      one_day({job("a", "every day at 02:00 in Europe/Brussels", 50min), job("b", "0 2 * * *", 20min),
               job("c", "@daily", 10min), job("d", "every hour", 9min), job("e", "5 * * * *", 3min),
               job("f", "every 10 minutes", 2min), job("g", "*/15 * * * *", 1min)});
  input.limits.processes = 2;
  const Simulation before = simulate(input, Durations::usual);
  const Spacing spacing = suggest_spacing(input, before);
  REQUIRE_FALSE(spacing.suggestions.empty());
  CHECK(spacing.waiting_before == total_waiting(input, before, RunKind::process));
  auto waiting = spacing.waiting_before;
  for (const Suggestion& suggestion : spacing.suggestions) {
    CHECK(suggestion.waiting_before == waiting);
    CHECK(suggestion.waiting_after < waiting);
    waiting = suggestion.waiting_after;
    const Schedule schedule = suggestion.schedule.value();
    CHECK(parse_schedule(to_string(schedule)).rule().cron == schedule.rule().cron);
    input.jobs[suggestion.jobs.at(0)].schedule = schedule;
  }
  CHECK(total_waiting(input, simulate(input, Durations::usual), RunKind::process) == spacing.waiting_after);
}

TEST_CASE("nothing is suggested where nothing waits or where no job can be moved") {
  CHECK(spacing_of(one_day({job("a", "every day at 02:00", 5min), job("b", "every day at 03:00", 5min)}))
            .suggestions.empty());
  const Spacing fixed =
      spacing_of(one_day({job("a", "3,17,44 * * * *", 5min), job("b", "3,17,44 * * * *", 5min)}));
  CHECK(fixed.suggestions.empty());
  CHECK(fixed.waiting_before > 0min);
  CHECK(fixed.waiting_after == fixed.waiting_before);
}

TEST_CASE("a job does not go to the end of the same queue") {
  CHECK(spacing_of(one_day({job("a", "every day at 00:00", 6h), job("b", "every day at 00:00", 4h)}))
            .suggestions.empty());
}

TEST_CASE("what saves less than a hundredth of the waiting is not suggested") {
  CHECK(spacing_of(one_day({job("a", "every day at 02:00", 2s), job("b", "0,7 2 * * *", 1h),
                            job("c", "0,7 2 * * *", 1h)}))
            .suggestions.empty());
}

TEST_CASE("of places that are free the one beside fewest runs is taken though a nearer one would do") {
  auto input = one_day({job("a", "every day at 02:00", 30min), job("b", "every day at 02:00", 30min),
                        job("c", "every day at 02:00", 5min), job("d", "every day at 01:00", 60min)});
  input.limits.processes = 2;
  const Spacing spacing = spacing_of(input);
  REQUIRE(spacing.suggestions.size() == 1);
  CHECK(to_string(spacing.suggestions[0].schedule.value()) == "every day at 02:30");
}

TEST_CASE("a spread is suggested for what has no other minute to go to") {
  auto input = one_day({job("a", "3,17,44 * * * *", 5min), job("b", "3,17,44 * * * *", 2min)});
  input.spread_offset = [](const std::string&, std::chrono::seconds window) { return window - 1s; };
  const Spacing spacing = spacing_of(input);
  REQUIRE(spacing.suggestions.size() == 1);
  CHECK(spacing.suggestions[0].jobs == std::vector<std::uint32_t>{1});
  CHECK_FALSE(spacing.suggestions[0].schedule);
  CHECK(spacing.suggestions[0].spread == 10min);
  CHECK(spacing.waiting_after == 0min);
}

TEST_CASE("many jobs with one schedule are spread together") {
  std::vector<ForecastJob> jobs;
  jobs.reserve(10);
  for (int i = 0; i < 10; ++i) jobs.push_back(job("job" + std::to_string(i), "every hour", 1min));
  auto input = one_day(std::move(jobs));
  input.spread_offset = [](const std::string& name, std::chrono::seconds window) {
    return window / 10 * (name.back() - '0');
  };
  const Spacing spacing = spacing_of(input);
  REQUIRE(spacing.suggestions.size() == 1);
  CHECK(spacing.suggestions[0].jobs.size() == 10);
  CHECK(spacing.suggestions[0].spread == 10min);
  CHECK(spacing.waiting_before == 24 * 45min);
  CHECK(spacing.waiting_after == 0min);
}

TEST_CASE("an occurrence is not moved out of the range to be rid of it") {
  auto input = one_day({job("a", "every day at 02:00", 50min), job("b", "every day at 02:00", 5min)});
  input.from = at("2026-11-02T02:00:00Z");
  input.to = at("2026-11-02T02:55:00Z");
  const Spacing spacing = spacing_of(input);
  REQUIRE(spacing.suggestions.size() == 1);
  CHECK(to_string(spacing.suggestions[0].schedule.value()) == "every day at 02:50");
}

TEST_CASE("a schedule is moved within its hour and its neighbours but not to another day") {
  const auto daily = moved_texts("every day at 00:10 in Europe/Brussels until 2027-01-01");
  CHECK(daily.size() == 23);
  CHECK(daily.front() == "every day at 00:00 in Europe/Brussels until 2027-01-01");
  CHECK(daily.back() == "every day at 01:55 in Europe/Brussels until 2027-01-01");
  CHECK(moved_texts("every monday at 12:00").size() == 35);
  CHECK(moved_texts("every 2 hours at :10").size() == 11);
  CHECK(moved_texts("every 10 minutes").size() == 9);
  CHECK(moved_texts("every 10 minutes").front() == "1-59/10 * * * *");
  CHECK(moved_texts("30 2 * * 1-5 in Europe/Brussels").front() == "0 1 * * 1-5 in Europe/Brussels");
  CHECK(moved_texts("30 2 * * 1-5").size() == 35);
  CHECK(moved_texts("30 8-18 * * *").front() == "0 8-18 * * *");
  CHECK(moved_texts("@weekly").front() == "5 0 * * 0");
  CHECK(moved_texts("7-59/20 * * * * tag x").size() == 4);
  CHECK(moved_texts("every day at 00:10", 1min).size() == 119);
  CHECK(moved_texts("5,35 * * * *", 1min).size() == 29);
}

TEST_CASE("where a job is due at every round minute another goes to a minute between") {
  auto input = one_day({job("often", "every 5 minutes", 1min), job("hourly", "5,35 * * * *", 1min),
                        job("daily", "every day at 02:00", 1min)});
  const Spacing spacing = spacing_of(input);
  REQUIRE(spacing.suggestions.size() == 2);
  CHECK(spacing.waiting_after == 0min);
  CHECK(to_string(spacing.suggestions[0].schedule.value()) == "every day at 02:01");
  CHECK(to_string(spacing.suggestions[1].schedule.value()) == "6-59/30 * * * *");
}

TEST_CASE("what has no place in the hour or would meet daylight saving by another rule is not moved") {
  for (const std::string schedule :
       {"every minute", "10 minutes after finish", "every 5 to 10 minutes", "every 30 seconds",
        "every 7 minutes", "1,2,40 * * * *", "*/10 2 * * *", "every day at 00:10 until 00:10"}) {
    CAPTURE(schedule);
    const auto moved = moved_texts(schedule);
    const bool only_earlier = std::all_of(moved.begin(), moved.end(), [](const std::string& text) {
      return text == "every day at 00:00 until 00:10" || text == "every day at 00:05 until 00:10";
    });
    CHECK(only_earlier);
  }
}

}  // namespace
}  // namespace rota
