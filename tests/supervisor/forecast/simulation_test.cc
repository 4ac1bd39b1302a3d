#include "supervisor/forecast/simulation.h"

#include <doctest/doctest.h>

#include "supervisor/forecast/waiting.h"
#include "tests/supervisor/forecast/forecast_under_test.h"

namespace rota {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

TEST_CASE("of two jobs at the same minute with one place the second waits the duration of the first") {
  const auto input =
      one_day({job("first", "every day at 02:00", 30min), job("second", "every day at 02:00", 5min)});
  const Simulation simulation = simulate(input, Durations::usual);
  CHECK(runs_of(input, simulation) == Texts{"first 02:00-02:30", "second 02:30-02:35"});
  const auto outlook = outlook_of(input, simulation);
  CHECK(outlook[0].waited == 0);
  CHECK(outlook[1].waited == 1);
  CHECK(outlook[1].longest_wait == 30min);
  CHECK(outlook[1].longest_wait_due_at == at("2026-11-02T02:00:00Z"));
  CHECK(outlook[1].waits_for[static_cast<std::size_t>(WaitCause::places)] == 1);
  CHECK(total_waiting(input, simulation, RunKind::process) == 30min);
  CHECK(total_waiting(input, simulation, RunKind::thread) == 0min);
}

TEST_CASE("a job on the pool of threads takes no place of a process") {
  auto input = one_day({job("a", "every day at 02:00", 30min), job("b", "every day at 02:00", 5min)});
  input.jobs[1].kind = RunKind::thread;
  CHECK(runs_of(input, simulate(input, Durations::usual)) == Texts{"a 02:00-02:30", "b 02:00-02:05"});
}

TEST_CASE("a run that takes longer than its interval makes the next occurrence skip") {
  const auto input = one_day({job("slow", "every 6 hours", 7h)});
  const Simulation simulation = simulate(input, Durations::usual);
  CHECK(runs_of(input, simulation) == Texts{"slow 00:00-07:00", "slow 12:00-19:00"});
  CHECK(simulation.skips[0].count == 2);
  CHECK(simulation.skips[0].first_at == at("2026-11-02T06:00:00Z"));
  CHECK(simulation.skips[0].reason.find("slow") != std::string::npos);
}

TEST_CASE("a run that takes exactly its interval skips nothing") {
  const auto input = one_day({job("exact", "every 6 hours", 6h)});
  const Simulation simulation = simulate(input, Durations::usual);
  CHECK(simulation.runs.size() == 4);
  CHECK(simulation.skips[0].count == 0);
}

TEST_CASE("the overlap rule decides what becomes of an occurrence while the run before is active") {
  auto input = one_day({job("j", "every 6 hours", 7h)});
  input.limits.processes = 2;
  SUBCASE("queue waits for its own run") {
    input.jobs[0].overlap = {OverlapPolicy::Rule::queue, 5};
    const Simulation simulation = simulate(input, Durations::usual);
    CHECK(runs_of(input, simulation) ==
          Texts{"j 00:00-07:00", "j 07:00-14:00", "j 14:00-21:00", "j 21:00-04:00"});
    CHECK(simulation.runs[1].waits_for == WaitCause::own_run);
  }
  SUBCASE("parallel starts a second one") {
    input.jobs[0].overlap = {OverlapPolicy::Rule::parallel, 2};
    CHECK(runs_of(input, simulate(input, Durations::usual)) ==
          Texts{"j 00:00-07:00", "j 06:00-13:00", "j 12:00-19:00", "j 18:00-01:00"});
  }
  SUBCASE("replace stops it") {
    input.jobs[0].overlap = {OverlapPolicy::Rule::replace, 1};
    const Simulation simulation = simulate(input, Durations::usual);
    CHECK(runs_of(input, simulation) ==
          Texts{"j 00:00-06:00", "j 06:00-12:00", "j 12:00-18:00", "j 18:00-01:00"});
    CHECK(outlook_of(input, simulation)[0].replaced == 3);
    CHECK(outlook_of(input, simulation)[0].runs == 4);
  }
}

TEST_CASE("a group has a limit of its own") {
  auto input = one_day({job("a", "every day at 02:00", 30min), job("b", "every day at 02:00", 30min),
                        job("c", "every day at 02:00", 30min)});
  input.limits.processes = 3;
  input.limits.groups["database"] = 1;
  input.jobs[0].group = input.jobs[1].group = "database";
  const Simulation simulation = simulate(input, Durations::usual);
  CHECK(runs_of(input, simulation) == Texts{"a 02:00-02:30", "b 02:30-03:00", "c 02:00-02:30"});
  CHECK(simulation.runs[1].waits_for == WaitCause::group);
}

TEST_CASE("a higher priority goes first among those that wait") {
  auto input = one_day({job("a", "every day at 02:00", 30min), job("b", "every day at 02:00", 10min),
                        job("c", "every day at 02:00", 10min)});
  input.jobs[2].priority = 1;
  CHECK(runs_of(input, simulate(input, Durations::usual)) ==
        Texts{"a 02:00-02:30", "b 02:40-02:50", "c 02:30-02:40"});
}

TEST_CASE("a job runs once all that it depends on have ended") {
  auto input = one_day({job("a", "every day at 02:00", 30min), job("b", "every day at 03:00", 10min),
                        job("report", "", 5min)});
  input.jobs[2].dependencies.after = {"a", "b"};
  const Simulation simulation = simulate(input, Durations::usual);
  CHECK(runs_of(input, simulation) == Texts{"a 02:00-02:30", "b 03:00-03:10", "report 03:10-03:15"});
  CHECK(simulation.runs[2].trigger == Trigger::dependency);
}

TEST_CASE("a run past its timeout is stopped and releases only those who wait for a failure") {
  auto input = one_day(
      {job("a", "every day at 02:00", 30min), job("on_success", "", 5min), job("on_failure", "", 5min)});
  input.jobs[0].timeout = 20min;
  input.jobs[1].dependencies = {{"a"}, DependencyPolicy::On::success};
  input.jobs[2].dependencies = {{"a"}, DependencyPolicy::On::failure};
  const Simulation simulation = simulate(input, Durations::usual);
  CHECK(runs_of(input, simulation) == Texts{"a 02:00-02:20", "on_failure 02:20-02:25"});
  const auto outlook = outlook_of(input, simulation);
  CHECK(outlook[0].timed_out == 1);
  CHECK(outlook[0].first_timed_out_at == at("2026-11-02T02:00:00Z"));
}

TEST_CASE("a fixed delay counts from the end of each run and the first from the last known one") {
  auto input = one_day({job("d", "6 hours after finish", 2h)});
  CHECK(runs_of(input, simulate(input, Durations::usual)) ==
        Texts{"d 00:00-02:00", "d 08:00-10:00", "d 16:00-18:00"});
  input.jobs[0].last_finish = at("2026-11-01T23:00:00Z");
  CHECK(runs_of(input, simulate(input, Durations::usual)) ==
        Texts{"d 05:00-07:00", "d 13:00-15:00", "d 21:00-23:00"});
}

TEST_CASE("the spread makes an occurrence due later but does not rename it") {
  auto input = one_day({job("s", "every day at 02:00", 10min)});
  input.jobs[0].spread_offset = 7min;
  const Simulation simulation = simulate(input, Durations::usual);
  CHECK(runs_of(input, simulation) == Texts{"s 02:07-02:17"});
  CHECK(simulation.runs[0].scheduled_for == at("2026-11-02T02:00:00Z"));
  CHECK(simulation.runs[0].waited() == 0min);
}

TEST_CASE("the range holds its beginning and not its end") {
  auto input = one_day({job("m", "every day at 00:00", 10min)});
  const Simulation simulation = simulate(input, Durations::usual);
  REQUIRE(simulation.runs.size() == 1);
  CHECK(simulation.runs[0].due_at == input.from);
}

TEST_CASE("what runs at the end of the range is followed to its end and nothing new begins") {
  auto input =
      one_day({job("a", "every day at 23:30", 2h), job("b", "every day at 23:40", 1h), job("c", "", 1h)});
  input.jobs[2].dependencies.after = {"b"};
  CHECK(runs_of(input, simulate(input, Durations::usual)) == Texts{"a 23:30-01:30", "b 01:30-02:30"});
}

TEST_CASE("each pass has durations of its own and what was never measured the assumed one") {
  auto input = one_day({job("a", "every day at 02:00", 10min), job("b", "every day at 12:00", 0min)});
  input.jobs[0].measured->percentile_90 = 50min;
  input.jobs[1].measured.reset();
  input.assumed_duration = 3min;
  CHECK(runs_of(input, simulate(input, Durations::usual)) == Texts{"a 02:00-02:10", "b 12:00-12:03"});
  CHECK(runs_of(input, simulate(input, Durations::busy)) == Texts{"a 02:00-02:50", "b 12:00-12:03"});
}

TEST_CASE("too many runs are cut at an instant that is told") {
  auto input = one_day({job("a", "every hour", 1min)});
  input.most_runs = 5;
  const Simulation simulation = simulate(input, Durations::usual);
  CHECK(simulation.runs.size() == 5);
  CHECK(simulation.cut_at == at("2026-11-02T05:00:00Z"));
  CHECK(simulation.load.back().begin == at("2026-11-02T04:45:00Z"));
}

TEST_CASE("the load tells for each quarter of an hour how much runs and waits") {
  const auto input = one_day({job("a", "every day at 02:10", 10min), job("b", "every day at 02:10", 5min)});
  const auto load = simulate(input, Durations::usual).load;
  REQUIRE(load.size() == 96);
  CHECK(load[7].processes.busy == 0min);
  CHECK(load[8].begin == at("2026-11-02T02:00:00Z"));
  CHECK(load[8].processes.busy == 5min);
  CHECK(load[8].processes.most_at_once == 1);
  CHECK(load[8].processes.most_waiting == 1);
  CHECK(load[9].processes.busy == 10min);
  CHECK(load[9].processes.most_waiting == 1);
  CHECK(load[10].processes.most_at_once == 0);
  CHECK(load[8].threads.busy == 0min);
}

TEST_CASE("a thousand jobs of which some come each minute are forecast for a week") {
  std::vector<ForecastJob> jobs;
  jobs.reserve(1000);
  for (int i = 0; i < 1000; ++i)
    jobs.push_back(job("job" + std::to_string(i),
                       i < 20 ? "every minute" : (i < 200 ? "every hour at :05" : "every day at 02:00"), 2s));
  auto input = one_day(std::move(jobs));
  input.to = input.from + std::chrono::hours{24 * 7};
  input.limits.processes = 4;
  const Simulation simulation = simulate(input, Durations::usual);
  std::size_t skipped = 0;
  for (const PredictedSkips& skips : simulation.skips) skipped += skips.count;
  CHECK(simulation.runs.size() + skipped == 20 * 10080 + 180 * 168 + 800 * 7);
  // 800 runs of 2 s on 4 places keep what comes each minute waiting for more than a minute.
  CHECK(skipped > 0);
  CHECK_FALSE(simulation.cut_at);
}

}  // namespace
}  // namespace rota
