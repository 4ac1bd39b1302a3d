#include "supervisor/daemon/service_status.h"

#include <algorithm>

#include "common/schedule/local_pattern.h"
#include "supervisor/forecast/local_time.h"

namespace rota {
namespace {

std::string next_text(const SupervisorStatus& status, const std::string& zone, Instant now) {
  if (!status.next_occurrence) return "nothing scheduled";
  const auto then = forecast_text::local_seconds(zone, *status.next_occurrence);
  const auto today = floor_divide(forecast_text::local_seconds(zone, now), kDaySeconds);
  const bool is_today = floor_divide(then, kDaySeconds) == today;
  return "next " + status.next_job +
         (is_today ? " at " + forecast_text::clock_text(then) : " on " + forecast_text::moment_text(then));
}

std::string pause_text(const std::vector<Pause>& pauses) {
  if (pauses.empty()) return {};
  const bool all = std::any_of(pauses.begin(), pauses.end(),
                               [](const Pause& pause) { return pause.scope == Pause::Scope::all; });
  return all ? ", all jobs paused" : ", " + std::to_string(pauses.size()) + " paused";
}

}  // namespace

std::string service_status(const SupervisorStatus& status, const std::string& zone, Instant now) {
  std::string text = std::to_string(status.running) + " running, " + std::to_string(status.waiting) +
                     " waiting, " + next_text(status, zone, now) + pause_text(status.pauses);
  if (!status.trouble.empty()) text += "; " + status.trouble;
  // sd_notify(3): a line feed would begin another assignment.
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string stopping_status(const SupervisorStatus& status) {
  return "stopping, " + std::to_string(status.running) + " running";
}

}  // namespace rota
