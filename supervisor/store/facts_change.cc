#include "supervisor/store/facts_change.h"

#include <algorithm>

namespace rota {

void FactsChange::note_insert(const Run& run, Sequence sequence) {
  if (!first_sight) first_sight = {run.queued_at, sequence};
  if (run.trigger == Trigger::schedule || run.trigger == Trigger::catch_up)
    last_occurrence = std::max(last_occurrence, run.scheduled_for);
  // What a dependency made due is accounted for also when it is skipped, and must not be due again.
  if (!is_final(run.state) || run.trigger == Trigger::dependency) begun = sequence;
}

void FactsChange::note_outcome(RunId id, const Outcome& outcome, bool retried, Sequence sequence) {
  last_finished_at = outcome.finished_at;
  if (outcome.state == RunState::succeeded) {
    last_success_at = outcome.finished_at;
    last_success_run = id;
    success = sequence;
  }
  if (is_failure(outcome.state) && !retried) failure = sequence;
  if (!outcome.last_entry.empty()) last_entry = outcome.last_entry;
  first_ended = std::min(id, first_ended.value_or(id));
}

void FactsChange::begin_calendar(Instant now, Sequence sequence) {
  if (!first_sight) first_sight = {now, sequence};
  calendar_since = now;
  last_occurrence.reset();
}

}  // namespace rota
