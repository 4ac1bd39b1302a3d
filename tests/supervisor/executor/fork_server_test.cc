#include <doctest/doctest.h>
#include <sys/wait.h>

#include <csignal>

#include "common/process/run_marks.h"
#include "supervisor/executor/process_executor.h"
#include "tests/new_path.h"
#include "tests/supervisor/executor/executor_under_test.h"

namespace rota {
namespace {

using Processes = ExecutorUnderTest<ProcessExecutor, ProcessExecutorOptions>;
using std::string_literals::operator""s;

int parent_of(int pid) {
  std::ifstream status{"/proc/" + std::to_string(pid) + "/status"};
  for (std::string word; status >> word;)
    if (word == "PPid:") return status >> word, std::stoi(word);
  return 0;
}

// Waits until the worker of `request` has said something, and returns its process id.
int start_and_find(Processes& test, const RunRequest& request) {
  test.start(request);
  test.run_until([&] { return test.log(request.run_id).find("started") != std::string::npos; });
  const auto workers = workers_of_this_process();
  REQUIRE(!workers.empty());
  return workers.back();
}

int the_fork_server() {
  const auto found = fork_servers_of_this_process();
  REQUIRE(found.size() == 1);
  return found.front();
}

RunRequest sleeping(Processes& test) {
  RunRequest request = test.request("p_ok");
  request.command = Command{};
  request.command->arguments = {"/bin/sh", "-c", "echo started; exec sleep 1000"};
  return request;
}

void stop(Processes& test, RunId run_id) {
  test.executor.stop(run_id, StopReason::cancel);
  CHECK(test.end(run_id).state == RunState::cancelled);
}

TEST_CASE("a worker that was forked is as one that was executed") {
  Processes test{{kWorker, 1 << 20, "mark"}};
  const RunRequest request = test.request("p_ok");
  const int worker = test.prepare(request);
  CHECK(worker != the_fork_server());
  CHECK(parent_of(worker) == getpid());
  CHECK(getsid(worker) == worker);
  CHECK(getpgid(worker) == worker);
  const std::string shown = content("/proc/" + std::to_string(worker) + "/cmdline");
  const std::string expected =
      kWorker.string() + "\0--supervised\0--module\0"s + kModule.string() + "\0p_ok\0"s;
  CHECK(shown.substr(0, expected.size()) == expected);
  CHECK(shown.find_first_not_of('\0', expected.size()) == std::string::npos);
  CHECK(run_marks_of(worker).token == "mark");
  CHECK(run_marks_of(worker).run_id == "1");
  CHECK(content("/proc/" + std::to_string(worker) + "/environ").find("ROTA_JOB=p_ok\0"s) !=
        std::string::npos);
  CHECK(test.run(request).state == RunState::succeeded);
}

TEST_CASE("a fork server that was killed is replaced, and its workers go on") {
  Processes test{{kWorker, 1 << 20}};
  const RunRequest first = sleeping(test);
  const int worker = start_and_find(test, first);
  const int old = the_fork_server();
  kill(old, SIGKILL);
  CHECK(test.run(test.request("p_ok")).state == RunState::succeeded);
  CHECK(the_fork_server() != old);
  CHECK(kill(worker, 0) == 0);
  CHECK_FALSE(test.outcomes.contains(first.run_id));
  stop(test, first.run_id);
}

TEST_CASE("a fork server that does not answer is replaced") {
  Processes test{{kWorker, 1 << 20}};
  CHECK(test.run(test.request("p_ok")).state == RunState::succeeded);
  const int old = the_fork_server();
  kill(old, SIGSTOP);
  CHECK(test.run(test.request("p_ok")).state == RunState::succeeded);
  CHECK(the_fork_server() != old);
}

TEST_CASE("a worker is started without a fork server where there can be none") {
  const auto script = new_path("rota-worker-without-server");
  std::ofstream{script} << "#!/bin/sh\ntest \"$1\" != --fork-server && exec " << kWorker.string()
                        << " \"$@\"\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  Processes test{{script, 1 << 20}};
  for (int run = 0; run < 2; ++run) CHECK(test.run(test.request("p_ok")).state == RunState::succeeded);
  CHECK(fork_servers_of_this_process().empty());
  std::filesystem::remove(script);
}

TEST_CASE("a path that is too long for a fork request starts its worker none the less") {
  Processes test{{kWorker, 1 << 20}};
  CHECK(test.run(test.request("p_ok")).state == RunState::succeeded);
  RunRequest request = test.request("p_ok");
  request.module = "/" + std::string(kMaximumForkRequestBytes, 'x');
  const Outcome outcome = test.run(std::move(request));
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error_type == "module");
}

TEST_CASE("the fork server ends with its executor") {
  {
    Processes test{{kWorker, 1 << 20}};
    CHECK(test.run(test.request("p_ok")).state == RunState::succeeded);
    the_fork_server();
  }
  CHECK(fork_servers_of_this_process().empty());
}

}  // namespace
}  // namespace rota
