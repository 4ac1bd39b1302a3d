// When people are told of a job's failures: the first at once, then one summary a
// period while it goes on, and once when it is over; and of what has not happened in
// time. Pure rules.
#pragma once

#include <chrono>
#include <optional>

#include "supervisor/run/run.h"
#include "supervisor/store/run_store.h"

namespace rota {

enum class AlarmMail { none, failure, summary, recovery, late, stale };

struct AlarmDecision {
  AlarmMail mail = AlarmMail::none;
  AlarmState state;           // as it is now
  std::int64_t failures = 0;  // told by a summary
  bool changed = false;       // `state` differs from before
};

// A run of the job has come to a final state. Failures raise the alarm, success ends
// it; skipped, missed and cancelled runs do neither.
AlarmDecision decide(const AlarmState& before, RunState run, Instant now, std::chrono::milliseconds period);

// An occurrence is late. A job that fails already is not told of again, and another at most
// once a period; `last_late_mail` is when it was last told.
AlarmDecision decide_late(const AlarmState& before, std::optional<Instant> last_late_mail, Instant now,
                          std::chrono::milliseconds period);

// The job's last success is too old. Told once, until it succeeds.
AlarmDecision decide_stale(const AlarmState& before);

// A mail that a clock told of which has been set back since counts as told now, so that the next summary
// is a period away and not as far as the clock was set. True if the state has changed.
bool forget_the_future(AlarmState& state, Instant now);

// The instant at which a summary is due though no further run ends; nullopt for none.
std::optional<Instant> next_summary_at(const AlarmState& state, std::chrono::milliseconds period);

// The summary itself, if it is due.
AlarmDecision summarise(const AlarmState& before, Instant now, std::chrono::milliseconds period);

}  // namespace rota
