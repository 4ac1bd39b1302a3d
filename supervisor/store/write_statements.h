// The store's writes on the writer's connection. Each function is one write with all
// that is committed with it; the caller has opened the transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/sqlite/sqlite.h"
#include "supervisor/store/facts_statements.h"
#include "supervisor/store/outbox_statements.h"
#include "supervisor/store/retention_statements.h"
#include "supervisor/store/run_statements.h"
#include "supervisor/store/run_store.h"

namespace rota {

class WriteStatements {
 public:
  explicit WriteStatements(Connection& connection);

  void begin() { begin_.run(); }
  void commit();
  void open_savepoint();
  void release_savepoint() { release_.run(); }
  void roll_back_to_savepoint();
  // Never throws: called when the connection is in trouble already.
  void roll_back() noexcept;

  // The writes of RunStore, by the same names.
  std::optional<RunId> insert(const Run& run);
  void record_started(RunId id, Instant started_at, const std::string& log_path) {
    runs_.start(id, started_at, log_path);
  }
  std::optional<RunId> record_outcome(RunId id, const Outcome& outcome, const Consequences& consequences);
  void record_alarm(const std::vector<OutboxMail>& mails, const std::optional<AlarmState>& alarm,
                    const Announced& announced, Instant now);
  void record_calendars(const std::vector<std::string>& job_names, Instant now);
  void record_pause(const Pause& pause) { facts_.pause(pause); }
  void record_resume(Pause::Scope scope, const std::string& name) { facts_.resume(scope, name); }
  Pruned prune(const std::vector<JobRetention>& jobs, int step);
  void remove_mail(std::int64_t id) { outbox_.remove(id); }
  void postpone_mail(std::int64_t id, Instant next_attempt_at, const std::string& error) {
    outbox_.postpone(id, next_attempt_at, error);
  }

 private:
  Connection& connection_;
  Statement begin_;
  Statement commit_;
  Statement savepoint_;
  Statement release_;
  RunStatements runs_;
  FactsStatements facts_;
  OutboxStatements outbox_;
  RetentionStatements retention_;
};

}  // namespace rota
