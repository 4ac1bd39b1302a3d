// Pruning, for the writer: which rows and logs of a job go, a small step at a time. Ids ascend with
// time, so a step begins at the oldest row and ends at the first that stays, and one that finds
// nothing to do costs as little with ten million rows as with ten.
#pragma once

#include <string>
#include <vector>

#include "common/sqlite/sqlite.h"
#include "supervisor/store/run_store.h"

namespace rota {

class RetentionStatements {
 public:
  explicit RetentionStatements(Connection& connection);

  // As RunStore::prune.
  Pruned prune(const std::vector<JobRetention>& jobs, int step);

 private:
  // At most `step` rows; how many were.
  int remove_rows(const JobRetention& job, int step, Pruned& pruned);
  int forget_logs(const JobRetention& job, int step, Pruned& pruned);

  Statement row_beyond_;
  Statement log_beyond_;
  Statement oldest_rows_;
  Statement rows_above_;
  Statement remove_row_;
  Statement forget_log_;
  Statement logs_pruned_through_;
  Statement note_rows_;
  Statement note_logs_;
};

}  // namespace rota
