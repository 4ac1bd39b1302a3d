#include "supervisor/store/outbox_statements.h"

namespace rota {
OutboxStatements::OutboxStatements(Connection& connection)
    : add_{connection,
           "INSERT INTO outbox (recipients, message, attempts, next_attempt_at) VALUES (?1, ?2, 0, ?3)"},
      alarm_{
          connection,
          "INSERT INTO alarms (job_name, failing, failures_since_mail, failing_since, last_mail_at, stale) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (job_name) DO UPDATE SET failing = ?2, "
          "failures_since_mail = ?3, failing_since = ?4, last_mail_at = ?5, stale = ?6"},
      remove_{connection, "DELETE FROM outbox WHERE id = ?1"},
      postpone_{
          connection,
          "UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ?2, last_error = ?3 WHERE id = ?1"} {}

void OutboxStatements::add(const std::vector<OutboxMail>& mails, const std::optional<AlarmState>& alarm) {
  for (const OutboxMail& mail : mails) add_.with(mail.recipients, mail.message, mail.next_attempt_at).run();
  if (alarm)
    alarm_
        .with(alarm->job_name, alarm->failing, alarm->failures_since_mail, alarm->failing_since,
              alarm->last_mail_at, alarm->stale)
        .run();
}

std::vector<OutboxMail> select_due_mails(Connection& connection, Instant now, int limit) {
  Statement row{connection,
                "SELECT id, recipients, message, attempts, next_attempt_at FROM outbox "
                "WHERE next_attempt_at <= ?1 ORDER BY next_attempt_at, id LIMIT ?2"};
  row.with(now, limit);
  std::vector<OutboxMail> mails;
  while (row.step())
    mails.push_back(
        {row.integer(0), row.text(1), row.text(2), static_cast<int>(row.integer(3)), row.instant(4)});
  return mails;
}

std::vector<AlarmState> select_alarms(Connection& connection) {
  Statement row{
      connection,
      "SELECT job_name, failing, failures_since_mail, failing_since, last_mail_at, stale FROM alarms"};
  std::vector<AlarmState> alarms;
  while (row.step())
    alarms.push_back({row.text(0), row.integer(1) != 0, row.integer(2), row.instant(3), row.instant(4),
                      row.integer(5) != 0});
  return alarms;
}

}  // namespace rota
