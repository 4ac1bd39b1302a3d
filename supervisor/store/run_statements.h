// The writes to scheduled_job_runs, for the writer: each changes one row.
#pragma once

#include <optional>
#include <string>

#include "common/sqlite/sqlite.h"
#include "supervisor/run/run.h"
#include "supervisor/store/run_store.h"

namespace rota {

class RunStatements {
 public:
  explicit RunStatements(Connection& connection);

  // Answers nullopt for an occurrence that is recorded or was before its row was pruned.
  std::optional<RunId> insert(const Run& run);
  void start(RunId id, Instant started_at, const std::string& log_path);
  // Answers the job's name, or nullopt if the run had ended or is unknown.
  std::optional<std::string> end(RunId id, const Outcome& outcome);
  // What was announced before keeps its time.
  void mark_late(const Announced::Occurrence& late, Instant now) {
    late_.with(late.job_name, late.scheduled_for, now).run();
  }
  void mark_overdue(RunId id, Instant now) { overdue_.with(id, now).run(); }

 private:
  Connection& connection_;
  Statement insert_;
  Statement inherit_lateness_;
  Statement start_;
  Statement active_job_;
  Statement end_;
  Statement late_;
  Statement overdue_;
};

}  // namespace rota
