// A run that an executor has before its time, with both of them.
#include "supervisor/executor/head_start.h"

#include <doctest/doctest.h>

#include "supervisor/executor/process_executor.h"
#include "supervisor/executor/thread_executor.h"
#include "tests/supervisor/executor/executor_under_test.h"

namespace rota {
namespace {

using namespace std::chrono_literals;

struct Threads : ExecutorUnderTest<ThreadExecutor, ThreadExecutorOptions> {
  Threads() : ExecutorUnderTest{{1, 1 << 20}} {}
};

struct Processes : ExecutorUnderTest<ProcessExecutor, ProcessExecutorOptions> {
  Processes() : ExecutorUnderTest{{kWorker, 1 << 20}} {}
};

// Far ahead, as where the clock was set back meanwhile: then it is waited for as long as a head start may be.
template <typename Executor>
RunRequest in_an_hour(Executor& test, const std::string& job) {
  RunRequest request = test.request(job);
  request.starts_at = current_instant() + 1h;
  return request;
}

// Whether its job had begun before the stop is for the machine to say.
template <typename Executor>
Outcome stopped_before_its_time(Executor& test, StopReason reason) {
  for (;;) {
    const RunRequest request = in_an_hour(test, "t_sleeps");
    test.start(request);
    test.executor.stop(request.run_id, reason);
    Outcome outcome = test.end(request.run_id);
    CHECK(outcome.state == RunState::cancelled);
    if (outcome.started_at != Instant{}) continue;
    CHECK(test.log(request.run_id).empty());
    CHECK(outcome.finished_at == request.starts_at);
    return outcome;
  }
}

TEST_CASE_TEMPLATE("a job begins in its time and not before", Executor, Threads, Processes) {
  Executor test;
  RunRequest request = test.request("t_ok");
  const Instant at = current_instant() + kHeadStart;
  request.starts_at = at;
  const Outcome outcome = test.run(std::move(request));
  CHECK(outcome.state == RunState::succeeded);
  CHECK(outcome.started_at >= at);
}

TEST_CASE_TEMPLATE("a clock that is set back puts off no job", Executor, Threads, Processes) {
  Executor test;
  const RunRequest request = in_an_hour(test, "t_ok");
  const Outcome outcome = test.run(request);
  CHECK(outcome.state == RunState::succeeded);
  CHECK(outcome.started_at < request.starts_at);
}

TEST_CASE_TEMPLATE("a job that is stopped before its time does not begin", Executor, Threads, Processes) {
  Executor test;
  CHECK(stopped_before_its_time(test, StopReason::cancel).error_type == "cancelled");
  const Outcome outcome = stopped_before_its_time(test, StopReason::shutdown);
  CHECK(outcome.error_message.find("before the run had begun") != std::string::npos);
  CHECK(test.run(test.request("t_ok")).state == RunState::succeeded);
}

TEST_CASE_TEMPLATE("the time until a timeout counts from the start of the job", Executor, Threads,
                   Processes) {
  Executor test;
  RunRequest request = test.request("t_sleeps");
  const Instant at = current_instant() + kHeadStart;
  request.starts_at = at;
  request.timeout = 50ms;
  const Outcome outcome = test.run(std::move(request));
  CHECK(outcome.state == RunState::timed_out);
  CHECK(outcome.finished_at >= at + 50ms);
}

}  // namespace
}  // namespace rota
