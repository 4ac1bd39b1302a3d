#include "supervisor/executor/process_executor.h"

#include <doctest/doctest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <boost/asio/connect_pipe.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/writable_pipe.hpp>
#include <csignal>
#include <future>
#include <thread>

#include "common/protocol/message.h"
#include "supervisor/run/clock.h"
#include "tests/new_path.h"
#include "tests/supervisor/executor/executor_under_test.h"

namespace rota {
namespace {

using namespace std::chrono_literals;

struct Processes : ExecutorUnderTest<ProcessExecutor, ProcessExecutorOptions> {
  explicit Processes(std::uint64_t limit = 1 << 20) : ExecutorUnderTest{{kWorker, limit}} {}

  // Until the job has said so in its log.
  void run_until_logged(RunId id, const std::string& text) {
    run_until([&] { return log(id).find(text) != std::string::npos; });
  }
};

std::size_t open_descriptors() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {}));
}

struct TemporaryScript {
  TemporaryScript() {
    std::ofstream{file}, std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }
  TemporaryScript(const TemporaryScript&) = delete;
  TemporaryScript& operator=(const TemporaryScript&) = delete;
  ~TemporaryScript() { std::filesystem::remove(file); }
  std::filesystem::path file = new_path("rota-worker-of-a-test");
};

TEST_CASE("a run that succeeds brings its result and what it cost") {
  Processes test;
  const Outcome outcome = test.run(test.request("p_ok", {{"lines_added", "5"}}));
  CHECK(outcome.state == RunState::succeeded);
  CHECK(outcome.lines_added == 5);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.max_rss_kib > 0);
  CHECK(outcome.started_at <= outcome.finished_at);
  CHECK(test.log(1).find("info all is well") != std::string::npos);
}

TEST_CASE("every way to fail has its outcome") {
  Processes test;
  const auto outcome_of = [&](const char* job) { return test.run(test.request(job)); };
  CHECK(outcome_of("p_fails").error_message == "said so itself");
  CHECK(outcome_of("p_throws").error_type == "std::runtime_error");
  const Outcome aborted = outcome_of("p_aborts");
  CHECK(aborted.state == RunState::crashed);
  CHECK(aborted.signal == SIGABRT);
  CHECK(aborted.error_message.find("SIGABRT") != std::string::npos);
  const Outcome silent = outcome_of("p_exits_silently");
  CHECK(silent.state == RunState::crashed);
  CHECK(silent.exit_code == 3);
  const Outcome garbage = outcome_of("p_garbage");
  CHECK(garbage.state == RunState::failed);
  CHECK(garbage.error_type == "protocol");
}

TEST_CASE("a worker that cannot be started is a failure") {
  ExecutorUnderTest<ProcessExecutor, ProcessExecutorOptions> test{{"/no/such/worker", 1 << 20}};
  const Outcome outcome = test.run(test.request("p_ok"));
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error_type == "start");
  CHECK(outcome.error_message.find("/no/such/worker") != std::string::npos);
}

TEST_CASE("a run past its timeout that stops in the grace is timed out") {
  Processes test;
  RunRequest request = test.request("p_sleeps");
  request.timeout = 200ms;
  const Outcome outcome = test.run(std::move(request));
  CHECK(outcome.state == RunState::timed_out);
  CHECK(outcome.exit_code == 0);
}

TEST_CASE("a run past its grace is killed") {
  Processes test;
  RunRequest request = test.request("p_ignores_sigterm");
  request.timeout = 100ms;
  request.grace = 100ms;
  const Outcome outcome = test.run(std::move(request));
  CHECK(outcome.state == RunState::timed_out);
  CHECK(outcome.signal == SIGKILL);
}

TEST_CASE("nothing that a run has started outlives it") {
  Processes test;
  for (const char* wait : {"false", "true"}) {
    const auto file = test.directory / (std::string{"pids-"} + wait);
    RunRequest request = test.request("p_forks_children", {{"file", file}, {"wait", wait}});
    request.timeout = 2s;
    request.grace = 100ms;
    test.run(std::move(request));
    for (const int pid : pids_in(file)) CHECK(kill(pid, 0) != 0);
  }
}

TEST_CASE("what a job on another thread has started is no leftover of a run") {
  Processes test;
  pid_t started = 0;
  std::promise<void> spawned;
  std::promise<void> over;
  std::jthread other{[&] {
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    std::array<char*, 3> arguments{const_cast<char*>("sleep"), const_cast<char*>("1000"), nullptr};
    posix_spawnp(&started, "sleep", nullptr, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    spawned.set_value();
    // Its children would be the first thread's once it has ended.
    over.get_future().wait();
  }};
  spawned.get_future().wait();
  REQUIRE(started > 0);
  CHECK(test.run(test.request("p_ok")).state == RunState::succeeded);
  CHECK(waitpid(started, nullptr, WNOHANG) == 0);
  kill(started, SIGKILL);
  waitpid(started, nullptr, 0);
  over.set_value();
}

TEST_CASE("a run can be cancelled and a shutdown is said") {
  Processes test;
  for (const auto& [reason, type] :
       {std::pair{StopReason::cancel, "cancelled"}, std::pair{StopReason::shutdown, "shutdown"}}) {
    test.start(test.request("p_sleeps"));
    const RunId id = test.last_id;
    test.run_until_logged(id, "sleeping");
    test.executor.stop(id, reason);
    CHECK(test.end(id).state == RunState::cancelled);
    CHECK(test.outcomes.at(id).error_type == type);
  }
  test.executor.stop(999, StopReason::cancel);
}

TEST_CASE("a flood of output costs no more than the limit") {
  Processes test{65'536};
  const Outcome outcome = test.run(test.request("p_floods", {{"bytes", "50000000"}}));
  CHECK(outcome.state == RunState::succeeded);
  const std::string log = test.log(1);
  CHECK(log.size() < 65 * 1024);
  CHECK(log.find("bytes are cut here") != std::string::npos);
  CHECK(log.ends_with("the last line\n"));
}

TEST_CASE("runs go on side by side and leave no descriptor open") {
  Processes test;
  test.run(test.request("p_ok"));
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 20; ++i) test.start(test.request("p_ok"));
  CHECK(test.executor.active() == 20);
  test.run_until([&] { return test.outcomes.size() == 21; });
  for (const auto& [id, outcome] : test.outcomes) CHECK(outcome.state == RunState::succeeded);
  CHECK(open_descriptors() == before);
  CHECK(test.executor.active() == 0);
}

// Asio keeps what it knows of a closed descriptor for the next, and with it an event that it has read but
// not yet handed on.
TEST_CASE("what happened to a descriptor that is closed is not taken for the end of a worker") {
  namespace asio = boost::asio;
  Processes test;
  std::array readers{asio::readable_pipe{test.loop}, asio::readable_pipe{test.loop}};
  std::array writers{asio::writable_pipe{test.loop}, asio::writable_pipe{test.loop}};
  std::array<char, 1> byte{};
  for (std::size_t i = 0; i < 2; ++i) {
    asio::connect_pipe(readers[i], writers[i]);
    readers[i].async_read_some(asio::buffer(byte), [&, i](boost::system::error_code error, std::size_t) {
      if (error) return;
      readers[1 - i].close();
      test.start(test.request("p_sleeps"));
    });
  }
  for (auto& writer : writers) writer.write_some(asio::buffer(byte));
  test.run_until([&] { return test.log(1).find("sleeping") != std::string::npos || !test.outcomes.empty(); });
  test.executor.stop(1, StopReason::cancel);
  CHECK(test.end(1).state == RunState::cancelled);
}

TEST_CASE("a result that is read when the worker has ended and its children have not yet ends its run") {
  const TemporaryScript worker;
  std::ofstream script{worker.file};
  script << "#!/bin/sh\ntest \"$1\" = --fork-server && exit 1\ncat >&4 <<'END'\n"
         << encode(HelloMessage{}).value_or("");
  // More than is read at once, so that the end of the worker is seen before the result.
  for (int i = 0; i < 10; ++i)
    script << encode(LogMessage{LogLevel::info, std::string(1000, 'x')}).value_or("");
  script << encode(ResultMessage{}).value_or("") << "END\nsetsid sleep 1000 &\n";
  script.close();
  ExecutorUnderTest<ProcessExecutor, ProcessExecutorOptions> test{{worker.file, 1 << 20}};
  RunRequest request = test.request("p_ok");
  request.grace = 10ms;
  test.start(std::move(request));
  siginfo_t ended{};
  REQUIRE(waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT) == 0);
  test.loop.run();
  REQUIRE(test.outcomes.contains(1));
  CHECK(test.outcomes.at(1).state == RunState::succeeded);
}

TEST_CASE("progress and the values of a run pass the pipe") {
  Processes test;
  test.run(test.request("p_progress"));
  CHECK(test.progress.at(1).done == 10);
  RunRequest request = test.request("p_echo", {{"text", "\xc3\xa9 \"quoted\"\n"}});
  request.last_entry = "{\"at\":3}";
  request.attempt = 2;
  test.run(std::move(request));
  CHECK(test.log(2).find("text=\xc3\xa9 \"quoted\"") != std::string::npos);
  CHECK(test.log(2).find("last_entry={\"at\":3}") != std::string::npos);
  CHECK(test.log(2).find("attempt=2") != std::string::npos);
  CHECK(test.log(2).find("printed by the job") != std::string::npos);
}

TEST_CASE("a prepared run does nothing before it is started") {
  Processes test;
  RunRequest request = test.request("p_ok");
  test.prepare(request);
  CHECK(test.executor.active() == 0);
  CHECK_FALSE(std::filesystem::exists(request.log_file));
  request.last_entry = "known only now";
  const Instant before = current_instant();
  const Outcome outcome = test.run(request);
  CHECK(outcome.state == RunState::succeeded);
  CHECK(outcome.started_at >= before);
  CHECK(workers_of_this_process().empty());
}

TEST_CASE("a run that is abandoned leaves neither process nor log nor descriptor") {
  Processes test;
  test.run(test.request("p_ok"));
  const std::size_t before = open_descriptors();
  const RunRequest request = test.request("p_ok");
  test.prepare(request);
  CHECK(open_descriptors() > before);
  test.executor.abandon(request.run_id);
  test.executor.abandon(request.run_id);
  test.run_until([&] { return workers_of_this_process().empty(); });
  CHECK_FALSE(std::filesystem::exists(request.log_file));
  test.run(test.request("p_ok"));
  CHECK(open_descriptors() == before);
  CHECK_FALSE(test.outcomes.contains(request.run_id));
}

TEST_CASE("a run that is abandoned at once has no worker") {
  Processes test;
  const RunRequest request = test.request("p_ok");
  test.executor.prepare(request);
  test.executor.abandon(request.run_id);
  test.run(test.request("p_ok"));
  CHECK(workers_of_this_process().empty());
}

TEST_CASE("a prepared worker that has died is a crash of its run") {
  Processes test;
  const RunRequest request = test.request("p_ok");
  kill(test.prepare(request), SIGKILL);
  const Outcome outcome = test.run(request);
  CHECK(outcome.state == RunState::crashed);
  CHECK(outcome.signal == SIGKILL);
}

TEST_CASE("a start message that cannot be made leaves no prepared worker") {
  Processes test;
  const RunRequest request = test.request("p_ok", {{"long", std::string(70'000, 'x')}});
  test.prepare(request);
  CHECK(test.run(request).error_type == "start");
  test.run_until([&] { return workers_of_this_process().empty(); });
}

TEST_CASE("parameters that do not fit a line are a failure to start") {
  Processes test;
  CHECK(test.run(test.request("p_ok", {{"long", std::string(70'000, 'x')}})).error_type == "start");
}

}  // namespace
}  // namespace rota
