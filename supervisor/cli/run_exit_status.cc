#include "supervisor/cli/run_exit_status.h"

#include <boost/json.hpp>

#include "supervisor/cli/json_fields.h"
#include "supervisor/run/run.h"

namespace rota {
namespace {

constexpr int kFailure = 1;
constexpr int kTimedOut = 124;   // as timeout(1)
constexpr int kCancelled = 130;  // as a shell says of SIGINT
constexpr int kSignal = 128;
constexpr int kLargest = 255;

int bounded(std::int64_t status) {
  return status > 0 && status <= kLargest ? static_cast<int>(status) : kFailure;
}

}  // namespace

int run_exit_status(const boost::json::object& run, bool is_command) {
  const auto state = parse_run_state(text_member(run, "state"));
  if (!state) return kFailure;
  switch (*state) {
    case RunState::succeeded:
      return 0;
    case RunState::timed_out:
      return kTimedOut;
    case RunState::cancelled:
      return kCancelled;
    case RunState::crashed:
      if (const auto signal = number_member(run, "signal")) return bounded(kSignal + *signal);
      return kFailure;
    case RunState::failed:
      return is_command ? bounded(number_member(run, "exit_code").value_or(kFailure)) : kFailure;
    default:
      return kFailure;
  }
}

}  // namespace rota
