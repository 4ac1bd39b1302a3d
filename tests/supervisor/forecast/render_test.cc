#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "supervisor/forecast/forecast.h"
#include "supervisor/forecast/render_json.h"
#include "supervisor/forecast/render_text.h"
#include "tests/supervisor/forecast/forecast_under_test.h"

namespace rota {
namespace {

using namespace std::chrono_literals;

// Three days in Brussels that begin at midnight; the clock changes on the second.
ForecastInput spring() {
  ForecastInput input =
      one_day({job("backup", "every day at 02:30 in Europe/Brussels", 30min),
               job("report", "every day at 02:30 in Europe/Brussels", 5min),
               job("scrape", "every hour at :10 in Europe/Brussels", 2min), job("mail", "", 10s)});
  input.jobs[0].measured->percentile_90 = 50min;
  input.jobs[2].kind = RunKind::thread;
  input.jobs[2].measured.reset();
  input.jobs[3].dependencies.after = {"report"};
  input.jobs[3].kind = RunKind::thread;
  input.from = at("2026-03-27T23:00:00Z");
  input.to = at("2026-03-30T22:00:00Z");
  input.zone = input.default_zone = "Europe/Brussels";
  return input;
}

std::string text_of(const ForecastInput& input, bool ascii = false) {
  return forecast_as_text(input, make_forecast(input), ascii);
}

TEST_CASE("the text tells the timetable the load and what waits collides and meets the change of the clock") {
  CHECK(text_of(spring()) == R"(Forecast Sat 28 Mar 2026 00:00 – Tue 31 Mar 2026 00:00, Europe/Brussels
  Runs       80 runs of 4 jobs: 6 CPU-bound on 1 place, 74 I/O-bound on 1 thread
  Durations  measured of 3 jobs; taken to be 1 min for scrape
  Waiting    3 runs, longest 30 min, in all 1 h 30 min
  if slow    3 runs, longest 50 min, in all 2 h 30 min; each run as long as the slowest tenth
  Busiest    quarter of an hour from Sat 28 Mar 02:30: up to 1 CPU-bound and 0 I/O-bound at once, 1 waiting

Often
  scrape  every hour at :10  71 runs  1 min each  Sat 28 Mar 00:10 – Mon 30 Mar 23:10

Sat 28 Mar, Mon 30 Mar
  02:30  backup  30 min
  02:30  report  5 min   waits 30 min
  03:05  mail    10 s    after report
Sun 29 Mar
  03:30  backup  30 min
  03:30  report  5 min   waits 30 min
  04:05  mail    10 s    after report

Places for CPU-bound runs taken, by hour
              0     6     12    18
  Sat 28 Mar  ··▒░····················
  Sun 29 Mar  ·· ▒░···················
  Mon 30 Mar  ··▒░····················
              · none  ░ to 25 %  ▒ to 50 %  ▓ to 75 %  █ above

Waiting
  job     waits   longest  when              in all      if slow            mostly
  report  3 of 3  30 min   Sat 28 Mar 02:30  1 h 30 min  3, longest 50 min  for a place for CPU-bound runs

Collisions: CPU-bound jobs that are due in one minute and wait for each other
  Sat 28 Mar 02:30  3 times  1 of 2 wait  longest 30 min  in all 1 h 30 min  backup, report
  Longest queue: 1 run, in the quarter of an hour from Sat 28 Mar 02:30

Daylight saving
 Sun 29 Mar, Europe/Brussels: the clock goes from 02:00 to 03:00
  backup  02:30  does not exist: it runs at 03:30
  report  02:30  does not exist: it runs at 03:30
  scrape  02:10  does not exist: nothing runs

Suggestions: waiting of CPU-bound runs 1 h 30 min → 0 s
  report  every day at 02:30  →  schedule = "every day at 02:20"  1 h 30 min → 0 s
)");
}

TEST_CASE("without other signs the text is plain ASCII") {
  const std::string text = text_of(spring(), true);
  CHECK(std::all_of(text.begin(), text.end(),
                    [](char letter) { return static_cast<signed char>(letter) > 0; }));
  CHECK(text.find("->") != std::string::npos);
}

TEST_CASE("sections that have nothing to tell are a line or are left out") {
  const std::string text = text_of(one_day({job("only", "every day at 02:00", 5min)}));
  CHECK(text.find("No CPU-bound jobs collide.") != std::string::npos);
  CHECK(text.find("No occurrence falls into a change of the clock.") != std::string::npos);
  for (const auto* absent :
       {"Skipped", "Timeouts", "\nWaiting\n", "Suggestions", "No change", "Often", "if slow", "No run"}) {
    CAPTURE(absent);
    CHECK(text.find(absent) == std::string::npos);
  }
}

TEST_CASE("an empty configuration has an empty forecast") {
  const std::string text = text_of(one_day({}));
  CHECK(text.find("0 runs of 0 jobs") != std::string::npos);
}

TEST_CASE("what never runs is skipped or is stopped or was cut is told") {
  auto input = one_day(
      {job("slow", "every 6 hours", 7h), job("late", "every 12 hours", 30min), job("never", "", 1min)});
  input.limits.processes = 2;
  input.jobs[1].timeout = 20min;
  input.jobs[2].dependencies.after = {"late"};
  const std::string text = text_of(input);
  for (const auto* part : {"No run     of never (after late)", "Skipped    2 occurrences",
                           "Timeouts   2 runs stopped", "slow  2 times  first Mon 2 Nov 06:00",
                           "takes 30 min, its timeout is 20 min", "stopped at its timeout"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
  input.most_runs = 3;
  CHECK(text_of(input).find("Cut        at Mon 2 Nov 2026 12:00") != std::string::npos);
}

TEST_CASE("a day with very many runs is shortened") {
  std::vector<ForecastJob> jobs;
  jobs.reserve(100);
  for (int i = 0; i < 100; ++i) jobs.push_back(job("job" + std::to_string(i), "every day at 02:00", 1s));
  auto input = one_day(std::move(jobs));
  input.spread_offset = [](const std::string& name, std::chrono::seconds) {
    return std::chrono::seconds{std::stoi(name.substr(3))};
  };
  const std::string text = text_of(input);
  CHECK(text.find("… and 40 runs more; --json has all") != std::string::npos);
  CHECK(text.find("job0, job1, job2 and 97 more  every day at 02:00  →  spread = \"10 min\"") !=
        std::string::npos);
}

TEST_CASE("the JSON holds every run and what the text tells") {
  const ForecastInput input = spring();
  const Forecast forecast = make_forecast(input);
  const auto object = boost::json::parse(forecast_as_json(input, forecast)).as_object();
  CHECK(object.at("from") == "2026-03-27T23:00:00.000Z");
  CHECK(object.at("cut_at").is_null());
  REQUIRE(object.at("runs").as_array().size() == forecast.usual.runs.size());
  const auto& jobs = object.at("jobs").as_array();
  CHECK(jobs[0].at("busy_duration_seconds") == 3000.0);
  CHECK(jobs[1].at("usual").at("longest_wait_seconds") == 1800.0);
  CHECK(jobs[1].at("busy").at("longest_wait_seconds") == 3000.0);
  CHECK(jobs[2].at("measured_runs") == 0);
  CHECK(jobs[3].at("schedule").is_null());
  CHECK(object.at("collisions").at(0).at("jobs") == boost::json::array{"backup", "report"});
  CHECK(object.at("clock_changes").at(0).at("effect") == "moved");
  CHECK(object.at("clock_changes").at(0).at("first_local") == "2026-03-29T02:30:00");
  CHECK(object.at("spacing").at("waiting_after_seconds") == 0.0);
  const auto& suggestion = object.at("spacing").at("suggestions").at(0);
  CHECK(suggestion.at("jobs") == boost::json::array{"report"});
  CHECK_NOTHROW(parse_schedule(suggestion.at("schedule").as_string().c_str()));
}

}  // namespace
}  // namespace rota
