// Pruning, for the writer: which rows and logs of a job go, a small step at a time. Ids ascend with
// time, so a step begins at the oldest row and ends at the first that stays, and one that finds
// nothing to do costs as little with ten million rows as with ten.
#pragma once

#include <string>

#include "common/sqlite/sqlite.h"
#include "supervisor/store/run_store.h"

namespace rota {

class RetentionStatements {
 public:
  explicit RetentionStatements(Connection& connection);

  Pruned prune(const std::string& job_name, const Retention& retention, int step);

 private:
  void remove_rows(const std::string& job_name, const Retention& retention, int step, Pruned& pruned);
  void forget_logs(const std::string& job_name, const Retention& retention, int step, Pruned& pruned);

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
