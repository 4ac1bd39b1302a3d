#include "supervisor/executor/head_start.h"

#include <algorithm>

namespace rota {

using std::chrono::nanoseconds;

nanoseconds until_start(const RunRequest& request) {
  if (!request.starts_at) return nanoseconds{0};
  // It is farther ahead where the clock was set back while the run's row was written.
  return std::clamp<nanoseconds>(*request.starts_at - std::chrono::system_clock::now(), nanoseconds{0},
                                 kHeadStart);
}

Instant deadline_of(const RunRequest& request) {
  return current_instant() + std::chrono::ceil<std::chrono::milliseconds>(until_start(request)) +
         request.timeout;
}

Instant end_before_start(const RunRequest& request) {
  return std::max(current_instant(), request.starts_at.value_or(Instant{}));
}

std::string stopped_with_the_supervisor(Instant started_at) {
  return started_at == Instant{} ? "the supervisor was stopped before the run had begun"
                                 : "the supervisor was stopped while it ran";
}

}  // namespace rota
