#include "supervisor/executor/thread_executor.h"

#include <doctest/doctest.h>

#include <thread>

#include "tests/supervisor/executor/executor_under_test.h"

namespace rota {
namespace {

using namespace std::chrono_literals;

struct Threads : ExecutorUnderTest<ThreadExecutor, ThreadExecutorOptions> {
  explicit Threads(int threads = 2) : ExecutorUnderTest{{threads, 1 << 20}} {}

  // A run that does not stop until `release` is there.
  RunRequest stubborn(const std::filesystem::path& release) {
    RunRequest wanted = request("t_sleeps", {{"ignore_stop", "true"}, {"release", release}});
    wanted.timeout = 100ms;
    return wanted;
  }
};

TEST_CASE("a function's result is the run's outcome") {
  Threads test;
  const Outcome outcome = test.run(test.request("t_ok", {{"lines_added", "5"}}));
  CHECK(outcome.state == RunState::succeeded);
  CHECK(outcome.lines_added == 5);
  CHECK(outcome.started_at <= outcome.finished_at);
  CHECK(test.log(1).find("info all is well") != std::string::npos);
}

TEST_CASE("an exception ends the run and nothing else") {
  Threads test{1};
  const Outcome outcome = test.run(test.request("t_throws"));
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error_type == "std::runtime_error");
  CHECK(outcome.error_message == "thrown on purpose");
  CHECK(test.run(test.request("t_fails")).error_type == "job");
  CHECK(test.run(test.request("t_ok")).state == RunState::succeeded);
}

TEST_CASE("a stop at the timeout reaches its run and not the next") {
  Threads test{1};
  RunRequest request = test.request("t_sleeps");
  request.timeout = 100ms;
  CHECK(test.run(std::move(request)).state == RunState::timed_out);
  CHECK(test.overdue.at(1) == 1);
  CHECK(test.run(test.request("t_ok")).state == RunState::succeeded);
  test.start(test.request("t_sleeps"));
  test.executor.stop(3, StopReason::cancel);
  CHECK(test.end(3).error_type == "cancelled");
}

TEST_CASE("a function that ignores its stop is announced and starves nobody") {
  Threads test{1};
  const auto release = test.directory / "release";
  test.start(test.stubborn(release));
  test.run_until([&] { return test.overdue.contains(1); });
  CHECK(test.run(test.request("t_ok")).state == RunState::succeeded);
  CHECK_FALSE(test.outcomes.contains(1));
  std::ofstream{release} << "now";
  CHECK(test.end(1).state == RunState::timed_out);
  CHECK(test.overdue.at(1) == 1);
}

TEST_CASE("replacement threads are bounded") {
  Threads test{1};
  const auto release = test.directory / "release";
  test.start(test.stubborn(release));
  test.run_until([&] { return test.overdue.contains(1); });
  test.start(test.stubborn(release));
  test.run_until([&] { return test.overdue.contains(2); });
  test.start(test.request("t_ok"));
  std::ofstream{release} << "now";
  CHECK(test.end(3).state == RunState::succeeded);
  test.end(1);
  test.end(2);
}

TEST_CASE("more runs than threads wait for their turn") {
  Threads test{2};
  for (int i = 0; i < 50; ++i) test.start(test.request("t_ok"));
  test.run_until([&] { return test.outcomes.size() == 50; });
  for (const auto& [id, outcome] : test.outcomes) CHECK(outcome.state == RunState::succeeded);
}

TEST_CASE("a shutdown tells whether all functions have returned") {
  Threads test{1};
  const auto release = test.directory / "release";
  RunRequest request = test.stubborn(release);
  request.timeout = 1min;
  test.start(std::move(request));
  while (test.log(1).find("sleeping") == std::string::npos) std::this_thread::yield();
  CHECK_FALSE(test.executor.shut_down(50ms));
  std::ofstream{release} << "now";
  CHECK(test.executor.shut_down(1min));
}

TEST_CASE("the latest progress of a thread arrives") {
  Threads test;
  test.run(test.request("t_progress"));
  CHECK(test.progress.at(1).done == 10);
}

}  // namespace
}  // namespace rota
