// The writes to job_facts and pauses, for the writer: what outlives the rows of runs.
#pragma once

#include <string>
#include <vector>

#include "common/sqlite/sqlite.h"
#include "supervisor/store/run_store.h"

namespace rota {

class FactsStatements {
 public:
  explicit FactsStatements(Connection& connection);

  // After the row of the run was inserted.
  void note_insert(const Run& run);
  // After the row has become final; `retried` if a further attempt goes with it.
  void note_outcome(const std::string& job_name, RunId id, const Outcome& outcome, bool retried);
  void begin_calendar(const std::string& job_name, Instant now) {
    calendar_.with(job_name, now, ++sequence_).run();
  }

  void pause(const Pause& pause);
  void resume(Pause::Scope scope, const std::string& name);

 private:
  Statement insert_;
  Statement outcome_;
  Statement calendar_;
  Statement pause_;
  Statement resume_;
  Sequence sequence_;  // the latest that was given; one that is rolled back is given to nothing else
};

// Both throw SqliteError; their cost is that of the jobs and pauses, however many runs there are.
std::vector<JobFacts> select_facts(Connection& connection);
std::vector<Pause> select_pauses(Connection& connection);

}  // namespace rota
