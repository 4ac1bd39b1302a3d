// What a group of writes changes of one job's facts, so that it is written once however many runs of the job
// the group has. Pure.
#pragma once

#include <optional>
#include <string>

#include "supervisor/run/run.h"
#include "supervisor/store/run_store.h"

namespace rota {

// What is not set stays as it is.
struct FactsChange {
  // Of the first of the writes that bring a job to notice; without one the job is known already.
  struct Sight {
    Instant at{};
    Sequence sequence = 0;
  };
  std::optional<Sight> first_sight{};
  std::optional<Instant> calendar_since{};  // if set, no occurrence before it counts
  std::optional<Instant> last_occurrence{};
  std::optional<Sequence> begun{};
  std::optional<Instant> last_finished_at{};
  std::optional<Instant> last_success_at{};
  std::optional<RunId> last_success_run{};
  std::optional<Sequence> success{};
  std::optional<Sequence> failure{};
  std::string last_entry{};  // empty: as it is
  std::optional<RunId> first_ended{};

  // The row of the run was inserted as `sequence`.
  void note_insert(const Run& run, Sequence sequence);
  // The row has become final; `retried` if a further attempt goes with it.
  void note_outcome(RunId id, const Outcome& outcome, bool retried, Sequence sequence);
  void begin_calendar(Instant now, Sequence sequence);
};

}  // namespace rota
