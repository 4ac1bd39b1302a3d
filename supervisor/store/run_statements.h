// The writes to scheduled_job_runs, for the writer: each changes one row.
#pragma once

#include <optional>
#include <string>

#include "common/sqlite/sqlite.h"
#include "supervisor/run/run.h"

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
  void mark_late(RunId id, Instant now) { late_.with(id, now).run(); }

 private:
  Connection& connection_;
  Statement insert_;
  Statement start_;
  Statement active_job_;
  Statement end_;
  Statement late_;
};

}  // namespace rota
