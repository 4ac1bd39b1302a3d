// A run that is given to its executor a little before its time, and waits for it there.
#pragma once

#include <chrono>
#include <string>

#include "supervisor/executor/executor.h"

namespace rota {

// How long before its time a run may have its row, its process and its thread. A commit or a start of a
// worker on a machine that has been idle takes some milliseconds.
inline constexpr std::chrono::milliseconds kHeadStart{10};

// How long its job has to wait, from now. What is waited for is elapsed time, so that a clock that is set
// meanwhile puts off nothing.
std::chrono::nanoseconds until_start(const RunRequest& request);

Instant deadline_of(const RunRequest& request);

// When a run ended whose job did not begin: not before it was to.
Instant end_before_start(const RunRequest& request);

// What a run says that a shutdown has ended; `started_at` is that of its outcome.
std::string stopped_with_the_supervisor(Instant started_at);

}  // namespace rota
