#include "supervisor/notify/alarm_rules.h"

namespace rota {
namespace {

AlarmDecision told(AlarmState state, AlarmMail mail, Instant now) {
  AlarmDecision decision;
  decision.mail = mail;
  decision.failures = state.failures_since_mail;
  state.failures_since_mail = 0;
  state.last_mail_at = now;
  decision.state = std::move(state);
  decision.changed = true;
  return decision;
}

AlarmDecision unchanged(const AlarmState& state) {
  AlarmDecision decision;
  decision.state = state;
  return decision;
}

}  // namespace

AlarmDecision decide(const AlarmState& before, RunState run, Instant now, std::chrono::milliseconds period) {
  AlarmState state = before;
  if (run == RunState::succeeded && (before.failing || before.stale)) {
    if (!before.failing) state.failing_since = now;
    state.failing = false;
    state.stale = false;
    return told(std::move(state), AlarmMail::recovery, now);
  }
  if (!is_failure(run)) return unchanged(before);
  if (!before.failing) {
    state.failing = true;
    state.failing_since = now;
    state.failures_since_mail = 1;
    return told(std::move(state), AlarmMail::failure, now);
  }
  ++state.failures_since_mail;
  if (now - state.last_mail_at >= period) return told(std::move(state), AlarmMail::summary, now);
  AlarmDecision decision = unchanged(state);
  decision.changed = true;
  return decision;
}

AlarmDecision decide_late(const AlarmState& before, std::optional<Instant> last_late_mail, Instant now,
                          std::chrono::milliseconds period) {
  AlarmDecision decision = unchanged(before);
  if (!before.failing && (!last_late_mail || now - *last_late_mail >= period))
    decision.mail = AlarmMail::late;
  return decision;
}

AlarmDecision decide_stale(const AlarmState& before) {
  AlarmDecision decision = unchanged(before);
  if (before.stale) return decision;
  decision.mail = AlarmMail::stale;
  decision.state.stale = true;
  decision.changed = true;
  return decision;
}

bool forget_the_future(AlarmState& state, Instant now) {
  if (state.last_mail_at <= now) return false;
  state.last_mail_at = now;
  return true;
}

std::optional<Instant> next_summary_at(const AlarmState& state, std::chrono::milliseconds period) {
  if (!state.failing || state.failures_since_mail == 0) return std::nullopt;
  return state.last_mail_at + period;
}

AlarmDecision summarise(const AlarmState& before, Instant now, std::chrono::milliseconds period) {
  const auto due = next_summary_at(before, period);
  return due && *due <= now ? told(before, AlarmMail::summary, now) : unchanged(before);
}

}  // namespace rota
