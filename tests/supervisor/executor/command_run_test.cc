#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>

#include "supervisor/executor/process_executor.h"
#include "tests/supervisor/executor/executor_under_test.h"

namespace rota {
namespace {

using namespace std::chrono_literals;

struct Commands : ExecutorUnderTest<ProcessExecutor, ProcessExecutorOptions> {
  Commands() : ExecutorUnderTest{{kWorker, 1 << 20}} {}

  RunRequest command(std::vector<std::string> arguments) {
    RunRequest wanted = request("p_ok");
    wanted.job_name = "a_command";
    wanted.module.clear();
    wanted.function = nullptr;
    wanted.command = Command{};
    wanted.command->arguments = std::move(arguments);
    return wanted;
  }

  RunRequest shell(const std::string& text) { return command({"/bin/sh", "-c", text}); }

  Outcome run_shell(const std::string& text) { return run(shell(text)); }

  void run_until_logged(RunId id, const std::string& text) {
    run_until([&] { return log(id).find(text) != std::string::npos; });
  }
};

TEST_CASE("a command that exits with zero has succeeded and its output is the log") {
  Commands test;
  const Outcome outcome = test.run_shell("echo out; echo err >&2");
  CHECK(outcome.state == RunState::succeeded);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.error_type.empty());
  CHECK(test.log(1) == "out\nerr\n");
}

TEST_CASE("the exit statuses of success are those that the command names") {
  Commands test;
  const Outcome failed = test.run_shell("exit 3");
  CHECK(failed.state == RunState::failed);
  CHECK(failed.error_type == "exit");
  CHECK(failed.error_message == "exit status 3");
  CHECK(failed.exit_code == 3);
  for (const auto& [status, state] : {std::pair{"0", RunState::failed}, {"3", RunState::succeeded}}) {
    RunRequest request = test.shell(std::string{"exit "} + status);
    request.command->success_exit_codes = {3, 4};
    CHECK(test.run(std::move(request)).state == state);
  }
}

TEST_CASE("a command tells its figures by one line and the last result counts") {
  Commands test;
  const Outcome once = test.run_shell(R"(printf '{"type":"result","lines_added":5}\n' >&$ROTA_EVENTS_FD)");
  CHECK(once.state == RunState::succeeded);
  CHECK(once.lines_added == 5);
  const Outcome twice = test.run_shell(
      R"(printf '{"type":"result","lines_added":5}\n{"type":"result","lines_processed":7,"last_entry":"[1]"}\n' >&4
         printf '{"type":"progress","done":2,"total":3}\n{"type":"log","message":"still here"}\n' >&4)");
  CHECK(twice.state == RunState::succeeded);
  CHECK(twice.lines_added == 0);
  CHECK(twice.lines_processed == 7);
  CHECK(twice.last_entry == "[1]");
  CHECK(test.progress.at(2).done == 2);
  CHECK(test.log(2).find("info still here") != std::string::npos);
}

TEST_CASE("a result that no newline ends counts too") {
  Commands test;
  CHECK(test.run_shell(R"(printf '{"type":"result","lines_added":5}' >&4)").lines_added == 5);
  CHECK(test.run_shell(R"(printf '{"type":"res' >&4)").error_type == "protocol");
  const Outcome killed = test.run_shell(R"(printf '{"type":"res' >&4; kill -KILL $$)");
  CHECK(killed.state == RunState::crashed);
}

TEST_CASE("a result that says failure fails the run whatever the exit status") {
  Commands test;
  for (const char* status : {"0", "1"}) {
    const Outcome outcome = test.run_shell(
        R"(printf '{"type":"result","success":false,"error":"no disk","error_type":"disk"}\n' >&4; exit )" +
        std::string{status});
    CHECK(outcome.state == RunState::failed);
    CHECK(outcome.error_type == "disk");
    CHECK(outcome.error_message == "no disk");
  }
  const Outcome bare = test.run_shell(R"(printf '{"type":"result","success":false}\n' >&4)");
  CHECK(bare.error_type == "job");
  CHECK(bare.error_message == "the command reported a failure; exit status 0");
  const Outcome contradiction = test.run_shell(R"(printf '{"type":"result"}\n' >&4; exit 9)");
  CHECK(contradiction.error_message == "exit status 9");
}

TEST_CASE("a command that dies of a signal has crashed") {
  Commands test;
  const Outcome outcome = test.run_shell("kill -SEGV $$");
  CHECK(outcome.state == RunState::crashed);
  CHECK(outcome.signal == SIGSEGV);
  CHECK(outcome.error_message == "the command was ended by SIGSEGV");
}

TEST_CASE("what prevents the start of a command is the failure of its run") {
  Commands test;
  RunRequest request = test.command({"/no/such/program"});
  request.command->success_exit_codes = {0, 127};
  const Outcome outcome = test.run(std::move(request));
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error_type == "start");
  CHECK(outcome.error_message.find("/no/such/program") != std::string::npos);
  CHECK(outcome.exit_code == 127);
}

TEST_CASE("a command that writes no messages but garbage is ended and the log says why") {
  Commands test;
  for (const char* line : {"garbage", R"({"type":"hello","version":1,"pid":1})", R"({"type":"stop"})"}) {
    const Outcome outcome = test.run_shell("echo '" + std::string{line} + "' >&4; exec sleep 1000");
    CHECK(outcome.state == RunState::failed);
    CHECK(outcome.error_type == "protocol");
    CHECK(outcome.signal == SIGKILL);
    CHECK(test.log(test.last_id).find("protocol error") != std::string::npos);
  }
}

TEST_CASE("a command past its timeout gets SIGTERM") {
  Commands test;
  RunRequest request = test.command({"sleep", "1000"});
  request.timeout = 100ms;
  const Outcome outcome = test.run(std::move(request));
  CHECK(outcome.state == RunState::timed_out);
  CHECK(outcome.signal == SIGTERM);
}

TEST_CASE("a command may end in good order in its grace") {
  Commands test;
  test.start(test.shell("trap 'echo stopping; exit 5' TERM; echo ready; while :; do :; done"));
  test.run_until_logged(1, "ready");
  test.executor.stop(1, StopReason::cancel);
  CHECK(test.end(1).exit_code == 5);
  CHECK(test.log(1) == "ready\nstopping\n");
}

TEST_CASE("a command and its children that ignore SIGTERM are gone after the grace") {
  Commands test;
  for (const char* start : {"", "setsid "}) {
    RunRequest request =
        test.shell("trap '' TERM; " + std::string{start} + "sleep 1000 & echo \"child $! is there\"; wait");
    request.timeout = 2s;
    request.grace = 100ms;
    test.start(std::move(request));
  }
  for (const RunId id : {1, 2}) {
    const Outcome& outcome = test.end(id);
    CHECK(outcome.state == RunState::timed_out);
    CHECK(outcome.signal == SIGKILL);
    const std::string log = test.log(id);
    REQUIRE(log.starts_with("child "));
    CHECK(kill(std::stoi(log.substr(6)), 0) != 0);
  }
}

TEST_CASE("a command can be cancelled before and after its result") {
  Commands test;
  for (const char* before : {"", R"(printf '{"type":"result","lines_added":5}\n' >&4; )"}) {
    test.start(test.shell(std::string{before} + "echo ready; exec sleep 1000"));
    const RunId id = test.last_id;
    test.run_until_logged(id, "ready");
    test.executor.stop(id, StopReason::cancel);
    const Outcome& outcome = test.end(id);
    CHECK(outcome.state == RunState::cancelled);
    CHECK(outcome.signal == SIGTERM);
  }
  CHECK(test.outcomes.at(2).lines_added == 5);
}

TEST_CASE("a cancellation at once is not lost while the worker still prepares") {
  Commands test;
  for (int i = 0; i < 20; ++i) {
    test.start(test.command({"sleep", "1000"}));
    test.executor.stop(test.last_id, StopReason::cancel);
    CHECK(test.end(test.last_id).signal == SIGTERM);
  }
}

TEST_CASE("of the supervisor's environment a command has what is passed on by name") {
  Commands test;
  setenv("ROTA_TEST_PASSED", "żółw = 1", 1);
  setenv("ROTA_TEST_SET", "outer", 1);
  setenv("ROTA_TEST_SECRET", "secret", 1);
  RunRequest request = test.command({"env"});
  request.command->pass_environment = {"ROTA_TEST_PASSED", "ROTA_TEST_SET", "ROTA_TEST_MISSING"};
  request.command->environment = {{"ROTA_TEST_SET", "inner"}};
  request.parameters = {{"page", "4"}};
  CHECK(test.run(std::move(request)).state == RunState::succeeded);
  const std::string log = test.log(1);
  CHECK(log.find("ROTA_TEST_PASSED=żółw = 1\n") != std::string::npos);
  CHECK(log.find("ROTA_TEST_SET=inner\n") != std::string::npos);
  CHECK(log.find("ROTA_PARAM_PAGE=4\n") != std::string::npos);
  CHECK(log.find("ROTA_RUN_ID=1\n") != std::string::npos);
  CHECK(log.find("ROTA_TEST_MISSING") == std::string::npos);
  CHECK(log.find("secret") == std::string::npos);
  CHECK(log.find("ROTA_SUPERVISOR_PID") == std::string::npos);
}

TEST_CASE("a variable that is not text and a command that is too long are failures to start") {
  Commands test;
  setenv("ROTA_TEST_BYTES", "\xff", 1);
  RunRequest bytes = test.command({"env"});
  bytes.command->pass_environment = {"ROTA_TEST_BYTES"};
  const Outcome refused = test.run(std::move(bytes));
  CHECK(refused.error_type == "start");
  CHECK(refused.error_message.find("ROTA_TEST_BYTES") != std::string::npos);
  const Outcome overlong = test.run(test.command({"echo", std::string(70'000, 'x')}));
  CHECK(overlong.error_type == "start");
  CHECK(overlong.error_message.find("64 KiB") != std::string::npos);
}

}  // namespace
}  // namespace rota
