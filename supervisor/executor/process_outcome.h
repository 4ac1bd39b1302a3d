// How a run in a process ended, from what was seen of it. Pure.
#pragma once

#include <sys/resource.h>

#include <optional>
#include <string>

#include "common/protocol/message.h"
#include "supervisor/executor/executor.h"

namespace rota {

struct ProcessEnd {
  Instant started_at{};
  Instant finished_at{};
  int status = 0;  // as wait4(2) gives it
  rusage usage{};
  std::int64_t inherited_rss_kib = 0;   // what usage.ru_maxrss was at least when the program began
  bool greeted = false;                 // a hello came
  std::optional<ResultMessage> result;  // the last one
  std::optional<StopReason> stop_reason;
  std::string protocol_error;  // empty: there was none
  bool out_of_memory = false;  // a process of its cgroup was killed for want of memory
};

// The first of these that holds: it was stopped (`timed_out`, `cancelled`), it had no
// memory left (`crashed`), it broke the protocol (`failed`), a signal ended it (`crashed`), it reported a
// failure (`failed`). What remains has succeeded if it was a command with one of its success_exit_codes, or a
// worker with a result.
Outcome outcome_of(const RunRequest& request, const ProcessEnd& end);

}  // namespace rota
