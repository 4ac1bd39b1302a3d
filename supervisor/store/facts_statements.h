// The writes to job_facts and pauses, for the writer: what outlives the rows of runs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/sqlite/sqlite.h"
#include "supervisor/store/facts_change.h"
#include "supervisor/store/run_store.h"

namespace rota {

class FactsStatements {
 public:
  explicit FactsStatements(Connection& connection);

  // Gathered until `write_changes`, which must come before whatever reads or keeps the table.
  // After the row of the run was inserted.
  void note_insert(const Run& run) { changes_[run.job_name].note_insert(run, ++sequence_); }
  // After the row has become final; `retried` if a further attempt goes with it.
  void note_outcome(const std::string& job_name, RunId id, const Outcome& outcome, bool retried) {
    changes_[job_name].note_outcome(id, outcome, retried, ++sequence_);
  }
  void begin_calendar(const std::string& job_name, Instant now) {
    changes_[job_name].begin_calendar(now, ++sequence_);
  }
  void write_changes();
  // What has been noted since is undone.
  void forget_changes() { changes_.clear(); }

  void pause(const Pause& pause);
  void resume(Pause::Scope scope, const std::string& name);

 private:
  Connection& connection_;
  Statement change_;
  Statement insert_;
  Statement pause_;
  Statement resume_;
  Sequence sequence_;  // the latest that was given; one that is rolled back is given to nothing else
  std::map<std::string, FactsChange> changes_;
};

// Both throw SqliteError; their cost is that of the jobs and pauses, however many runs there are.
std::vector<JobFacts> select_facts(Connection& connection);
std::vector<Pause> select_pauses(Connection& connection);

}  // namespace rota
