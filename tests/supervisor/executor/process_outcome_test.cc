#include "supervisor/executor/process_outcome.h"

#include <doctest/doctest.h>

#include <csignal>

namespace rota {
namespace {

using namespace std::chrono_literals;

int exited(int status) { return status << 8; }  // wait(2)

RunRequest worker_request() {
  RunRequest request;
  request.timeout = 15min;
  return request;
}

RunRequest command_request() {
  RunRequest request = worker_request();
  request.command = Command{};
  return request;
}

ProcessEnd end_of(int status) {
  ProcessEnd end;
  end.status = status;
  end.greeted = true;
  return end;
}

TEST_CASE("a stop comes before a broken protocol and that before a signal") {
  ProcessEnd end = end_of(SIGKILL);
  for (const RunRequest& request : {worker_request(), command_request()}) {
    end.stop_reason = StopReason::timeout;
    end.protocol_error = "a line is not JSON";
    CHECK(outcome_of(request, end).state == RunState::timed_out);
    CHECK(outcome_of(request, end).error_message ==
          "ran longer than its timeout of 15 min; ended by SIGKILL");
    end.stop_reason.reset();
    CHECK(outcome_of(request, end).error_type == "protocol");
    end.protocol_error.clear();
    CHECK(outcome_of(request, end).state == RunState::crashed);
    CHECK(outcome_of(request, end).signal == SIGKILL);
  }
}

TEST_CASE("a run that was killed for want of memory says which limit it met") {
  ProcessEnd end = end_of(SIGKILL);
  end.out_of_memory = true;
  end.protocol_error = "a line is not JSON";
  RunRequest request = command_request();
  CHECK(outcome_of(request, end).state == RunState::crashed);
  CHECK(outcome_of(request, end).error_type == "memory");
  CHECK(outcome_of(request, end).error_message.find("limits.memory") == std::string::npos);
  request.command->limits.memory_bytes = std::uint64_t{512} << 20;
  CHECK(outcome_of(request, end).error_message ==
        "needed more than its limits.memory of 512 MiB and was killed");
  // What a run that goes on without one of its processes says of itself is worth nothing.
  end.status = exited(0);
  CHECK(outcome_of(request, end).state == RunState::crashed);
  end.stop_reason = StopReason::timeout;
  CHECK(outcome_of(request, end).state == RunState::timed_out);
}

TEST_CASE("a worker needs a result where a command needs its exit status") {
  CHECK(outcome_of(worker_request(), end_of(exited(0))).state == RunState::crashed);
  CHECK(outcome_of(command_request(), end_of(exited(0))).state == RunState::succeeded);
  ProcessEnd end = end_of(exited(1));
  end.result = ResultMessage{};
  CHECK(outcome_of(worker_request(), end).state == RunState::succeeded);
  CHECK(outcome_of(command_request(), end).state == RunState::failed);
}

TEST_CASE("a worker that left before it became the command has crashed whatever its exit status") {
  ProcessEnd end = end_of(exited(0));
  end.greeted = false;
  CHECK(outcome_of(command_request(), end).state == RunState::crashed);
}

TEST_CASE("the supervisor's own memory is not taken for that of a run") {
  ProcessEnd end = end_of(exited(0));
  end.result = ResultMessage{};
  end.inherited_rss_kib = 40'000;
  end.usage.ru_maxrss = 40'000;
  CHECK(outcome_of(worker_request(), end).max_rss_kib == 0);
  end.result->max_rss_kib = 5'000;
  CHECK(outcome_of(worker_request(), end).max_rss_kib == 5'000);
  // A command could say anything.
  CHECK(outcome_of(command_request(), end).max_rss_kib == 0);
  end.usage.ru_maxrss = 60'000;
  CHECK(outcome_of(worker_request(), end).max_rss_kib == 60'000);
  CHECK(outcome_of(command_request(), end).max_rss_kib == 60'000);
}

TEST_CASE("a success may carry a warning") {
  ProcessEnd end = end_of(exited(0));
  end.result = ResultMessage{true, "", "two pages were empty", 1, 2, "[3]"};
  for (const RunRequest& request : {worker_request(), command_request()}) {
    const Outcome outcome = outcome_of(request, end);
    CHECK(outcome.state == RunState::succeeded);
    CHECK(outcome.error_type.empty());
    CHECK(outcome.error_message == "two pages were empty");
    CHECK(outcome.last_entry == "[3]");
  }
}

}  // namespace
}  // namespace rota
