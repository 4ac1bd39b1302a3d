// The rows of runs by plain SQLite: the tables, statements and durability of the store, without the store.
#pragma once

#include <filesystem>
#include <string>

#include "common/sqlite/sqlite.h"
#include "supervisor/store/run_statements.h"
#include "supervisor/store/schema.h"

namespace rota::bench {

class RawRows {
 public:
  explicit RawRows(const std::filesystem::path& file) : connection_{file, Connection::Access::read_write} {
    connection_.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    migrate(connection_);
    statements_.emplace(connection_);
  }

  void begin() { connection_.execute("BEGIN IMMEDIATE"); }
  void commit() { connection_.execute("COMMIT"); }

  RunId begin_run(Instant now) {
    Run run;
    run.job_name = "no_op_0";
    run.trigger = Trigger::manual;
    run.state = RunState::running;
    run.queued_at = now;
    run.started_at = now;
    run.log_path = "no_op_0/" + std::to_string(now.time_since_epoch().count()) + "-1.log";
    return statements_->insert(run).value_or(0);
  }

  void finish_run(RunId id, Instant now) {
    Outcome outcome;
    outcome.state = RunState::succeeded;
    outcome.started_at = now;
    outcome.finished_at = now;
    outcome.exit_code = 0;
    statements_->end(id, outcome);
  }

 private:
  Connection connection_;
  std::optional<RunStatements> statements_;
};

}  // namespace rota::bench
