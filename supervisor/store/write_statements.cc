#include "supervisor/store/write_statements.h"

#include "supervisor/store/run_row.h"

namespace rota {

WriteStatements::WriteStatements(Connection& connection)
    : connection_{connection},
      begin_{connection, "BEGIN IMMEDIATE"},
      commit_{connection, "COMMIT"},
      savepoint_{connection, "SAVEPOINT request"},
      release_{connection, "RELEASE request"},
      insert_{
          connection,
          R"(INSERT INTO scheduled_job_runs (job_name, "trigger", scheduled_for, attempt, state, queued_at, started_at,
                   error_type, error_message, log_path, parameters, requested_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING RETURNING id)"},
      started_{connection,
               "UPDATE scheduled_job_runs SET state = 'running', started_at = ?2, log_path = ?3 "
               "WHERE id = ?1 AND state = 'queued'"},
      outcome_{connection,
               "UPDATE scheduled_job_runs SET state = ?2, started_at = coalesce(?3, started_at), finished_at "
               "= ?4, "
               "success = ?5, error_type = ?6, error_message = ?7, lines_added = ?8, lines_processed = ?9, "
               "last_entry = ?10, exit_code = ?11, signal = ?12, user_cpu_ms = ?13, system_cpu_ms = ?14, "
               "max_rss_kib = ?15 WHERE id = ?1 AND state IN ('queued', 'running')"},
      add_mail_{connection,
                "INSERT INTO outbox (recipients, message, attempts, next_attempt_at) VALUES (?1, ?2, 0, ?3)"},
      alarm_{connection,
             "INSERT INTO alarms (job_name, failing, failures_since_mail, failing_since, last_mail_at) "
             "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (job_name) DO UPDATE SET failing = ?2, "
             "failures_since_mail = ?3, "
             "failing_since = ?4, last_mail_at = ?5"},
      remove_mail_{connection, "DELETE FROM outbox WHERE id = ?1"},
      postpone_mail_{
          connection,
          "UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ?2, last_error = ?3 WHERE id = ?1"} {}

void WriteStatements::roll_back_to_savepoint() {
  connection_.execute("ROLLBACK TO request; RELEASE request");
}

void WriteStatements::roll_back() noexcept {
  try {
    connection_.execute("ROLLBACK");
  } catch (const SqliteError&) {
    // SQLite has rolled back by itself: https://www.sqlite.org/lang_transaction.html, section 3
  }
}

std::optional<RunId> WriteStatements::insert(const Run& run) {
  insert_.with(run.job_name, to_string(run.trigger), run.scheduled_for, run.attempt, to_string(run.state),
               run.queued_at, run.started_at, run.error_type, run.error_message, run.log_path,
               parameters_text(run.parameters), run.requested_by);
  std::optional<RunId> id;
  while (insert_.step()) id = insert_.integer(0);
  return id;
}

void WriteStatements::record_started(RunId id, Instant started_at, const std::string& log_path) {
  started_.with(id, started_at, log_path).run();
}

void WriteStatements::record_outcome(RunId id, const Outcome& outcome, const std::vector<OutboxMail>& mails,
                                     const std::optional<AlarmState>& alarm) {
  std::optional<Instant> started;
  if (outcome.started_at != Instant{}) started = outcome.started_at;
  std::optional<std::int64_t> max_rss;
  if (outcome.max_rss_kib != 0) max_rss = outcome.max_rss_kib;
  outcome_
      .with(id, to_string(outcome.state), started, outcome.finished_at, outcome.state == RunState::succeeded,
            outcome.error_type, outcome.error_message, outcome.lines_added, outcome.lines_processed,
            outcome.last_entry, outcome.exit_code, outcome.signal, outcome.user_cpu_ms, outcome.system_cpu_ms,
            max_rss)
      .run();
  if (connection_.changes() > 0) record_alarm(mails, alarm);
}

void WriteStatements::record_alarm(const std::vector<OutboxMail>& mails,
                                   const std::optional<AlarmState>& alarm) {
  for (const OutboxMail& mail : mails)
    add_mail_.with(mail.recipients, mail.message, mail.next_attempt_at).run();
  if (alarm)
    alarm_
        .with(alarm->job_name, alarm->failing, alarm->failures_since_mail, alarm->failing_since,
              alarm->last_mail_at)
        .run();
}

}  // namespace rota
