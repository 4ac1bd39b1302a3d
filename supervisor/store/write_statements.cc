#include "supervisor/store/write_statements.h"

namespace rota {

WriteStatements::WriteStatements(Connection& connection)
    : connection_{connection},
      begin_{connection, "BEGIN IMMEDIATE"},
      commit_{connection, "COMMIT"},
      savepoint_{connection, "SAVEPOINT request"},
      release_{connection, "RELEASE request"},
      runs_{connection},
      facts_{connection},
      outbox_{connection},
      retention_{connection} {}

void WriteStatements::commit() {
  facts_.write_changes();
  commit_.run();
}

// What was gathered before a savepoint is not undone with it.
void WriteStatements::open_savepoint() {
  facts_.write_changes();
  savepoint_.run();
}

void WriteStatements::roll_back_to_savepoint() {
  facts_.forget_changes();
  connection_.execute("ROLLBACK TO request; RELEASE request");
}

void WriteStatements::roll_back() noexcept {
  facts_.forget_changes();
  try {
    connection_.execute("ROLLBACK");
  } catch (const SqliteError&) {
    // SQLite has rolled back by itself: https://www.sqlite.org/lang_transaction.html, section 3
  }
}

std::optional<RunId> WriteStatements::insert(const Run& run) {
  const auto id = runs_.insert(run);
  if (id) facts_.note_insert(run);
  return id;
}

std::optional<RunId> WriteStatements::record_outcome(RunId id, const Outcome& outcome,
                                                     const Consequences& consequences) {
  const auto job_name = runs_.end(id, outcome);
  if (!job_name) return std::nullopt;
  facts_.note_outcome(*job_name, id, outcome, consequences.retry.has_value());
  outbox_.add(consequences.mails, consequences.alarm);
  if (!consequences.retry) return std::nullopt;
  Run retry = *consequences.retry;
  retry.retry_of = id;
  return insert(retry);
}

void WriteStatements::record_alarm(const std::vector<OutboxMail>& mails,
                                   const std::optional<AlarmState>& alarm, const Announced& announced,
                                   Instant now) {
  outbox_.add(mails, alarm);
  if (announced.late) runs_.mark_late(*announced.late, now);
  if (announced.overdue) runs_.mark_overdue(*announced.overdue, now);
}

void WriteStatements::record_calendars(const std::vector<std::string>& job_names, Instant now) {
  for (const std::string& name : job_names) facts_.begin_calendar(name, now);
}

Pruned WriteStatements::prune(const std::vector<JobRetention>& jobs, int step) {
  facts_.write_changes();
  return retention_.prune(jobs, step);
}

}  // namespace rota
