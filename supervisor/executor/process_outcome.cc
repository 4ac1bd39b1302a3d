#include "supervisor/executor/process_outcome.h"

#include <sys/wait.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/time/duration.h"
#include "supervisor/executor/head_start.h"
#include "supervisor/executor/usage.h"

namespace rota {
namespace {

struct Verdict {
  RunState state = RunState::failed;
  std::string error_type;
  std::string message;
};

std::string signal_name(int signal) {
  const char* name = sigabbrev_np(signal);
  return name ? std::string{"SIG"} + name : "signal " + std::to_string(signal);
}

std::string end_text(int status) {
  return WIFSIGNALED(status) ? "ended by " + signal_name(WTERMSIG(status))
                             : "ended by itself with exit status " + std::to_string(WEXITSTATUS(status));
}

Verdict verdict_of_stop(const RunRequest& request, StopReason reason, const ProcessEnd& end) {
  switch (reason) {
    case StopReason::timeout:
      return {
          RunState::timed_out, "timeout",
          "ran longer than its timeout of " + format_duration(request.timeout) + "; " + end_text(end.status)};
    case StopReason::shutdown:
      return {RunState::cancelled, "shutdown",
              stopped_with_the_supervisor(end.started_at) + "; " + end_text(end.status)};
    case StopReason::cancel:
      break;
  }
  return {RunState::cancelled, "cancelled", "cancelled on request; " + end_text(end.status)};
}

std::string memory_text(std::uint64_t bytes) {
  constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;
  return bytes % kMebibyte == 0 ? std::to_string(bytes / kMebibyte) + " MiB"
                                : std::to_string(bytes / 1024) + " KiB";
}

Verdict verdict_of_memory(const RunRequest& request) {
  const auto limit = limits_of(request).memory_bytes;
  return {RunState::crashed, "memory",
          limit ? "needed more than its limits.memory of " + memory_text(*limit) + " and was killed"
                : "was killed because the machine, or the cgroup of the supervisor, had no memory left"};
}

Verdict failure_of(const ResultMessage& result, const std::string& fallback) {
  return {RunState::failed, result.error_type.empty() ? "job" : result.error_type,
          result.error.empty() ? fallback : result.error};
}

Verdict verdict_of_command(const Command& command, const ProcessEnd& end) {
  const int exit_code = WEXITSTATUS(end.status);
  const std::string exit_text = "exit status " + std::to_string(exit_code);
  if (!end.greeted)
    return {RunState::crashed, "exit", "the worker left before it became the command; " + exit_text};
  if (end.result && !end.result->success)
    return failure_of(*end.result, "the command reported a failure; " + exit_text);
  const auto& good = command.success_exit_codes;
  if (std::find(good.begin(), good.end(), exit_code) == good.end())
    return {RunState::failed, "exit", exit_text};
  return {RunState::succeeded, "", end.result ? end.result->error : ""};
}

Verdict verdict_of(const RunRequest& request, const ProcessEnd& end) {
  if (end.stop_reason) return verdict_of_stop(request, *end.stop_reason, end);
  if (end.out_of_memory) return verdict_of_memory(request);
  if (!end.protocol_error.empty())
    return {RunState::failed, "protocol", "protocol error: " + end.protocol_error};
  if (WIFSIGNALED(end.status))
    return {RunState::crashed, "signal",
            std::string{request.command ? "the command" : "the worker"} + " was ended by " +
                signal_name(WTERMSIG(end.status))};
  if (request.command) return verdict_of_command(*request.command, end);
  if (!end.result)
    return {RunState::crashed, "exit", "the worker left without a result; " + end_text(end.status)};
  if (!end.result->success) return failure_of(*end.result, "");
  return {RunState::succeeded, "", end.result->error};
}

// What is no more than the inherited peak is the supervisor's memory and not the run's. Then only a worker
// knows its own.
std::int64_t max_rss_kib_of(const RunRequest& request, const ProcessEnd& end) {
  const std::int64_t measured = end.usage.ru_maxrss > end.inherited_rss_kib ? end.usage.ru_maxrss : 0;
  const std::int64_t told = end.result && !request.command ? end.result->max_rss_kib : 0;
  return std::max(measured, told);
}

}  // namespace

Outcome outcome_of(const RunRequest& request, const ProcessEnd& end) {
  Outcome outcome;
  outcome.started_at = end.started_at;
  outcome.finished_at = end.finished_at;
  outcome.user_cpu_ms = in_milliseconds(end.usage.ru_utime);
  outcome.system_cpu_ms = in_milliseconds(end.usage.ru_stime);
  outcome.max_rss_kib = max_rss_kib_of(request, end);
  if (WIFEXITED(end.status)) outcome.exit_code = WEXITSTATUS(end.status);
  if (WIFSIGNALED(end.status)) outcome.signal = WTERMSIG(end.status);
  if (end.result) {
    outcome.lines_added = end.result->lines_added;
    outcome.lines_processed = end.result->lines_processed;
    outcome.last_entry = end.result->last_entry;
  }
  Verdict verdict = verdict_of(request, end);
  outcome.state = verdict.state;
  outcome.error_type = std::move(verdict.error_type);
  outcome.error_message = std::move(verdict.message);
  return outcome;
}

}  // namespace rota
