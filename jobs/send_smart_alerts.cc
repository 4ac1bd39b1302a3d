// Mails alerts on coming meetings that are near to what people look for: a job on a
// thread that must neither repeat nor lose an alert. The mail is recorded, and its
// alert marked as checked, in one transaction; what is recorded is then delivered.
//
// Parameters: database; smtp_host, smtp_port, smtp_security; mail_from; today.
#include <rota/job.h>

#include <vector>

#include "jobs/support/embeddings.h"
#include "jobs/support/meeting_mail.h"
#include "jobs/support/parameters.h"

namespace {

using rota::JobContext;
using rota::Mail;
using rota::ScraperResult;
using rota::SmtpServer;
using rota::Statement;
using namespace rota::jobs;  // NOLINT(google-build-using-namespace): the helpers of these jobs

constexpr int kDays = 28;

struct Alert {
  std::int64_t id;
  std::string email;
  std::string query;
  std::string embedding;
  float threshold;
  std::size_t top_k;
};

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::vector<Alert> due_alerts(MeetingsDatabase& database, std::int64_t now) {
  Statement rows{database,
                 "SELECT a.id, p.email, a.query, a.embedding, a.threshold, a.top_k FROM alerts a "
                 "JOIN profiles p ON p.id = a.profile_id "
                 "WHERE coalesce(a.last_checked_at + a.period_seconds, 0) <= ?1 ORDER BY a.id"};
  rows.with(now);
  std::vector<Alert> alerts;
  while (rows.step())
    alerts.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.blob(3),
                      static_cast<float>(rows.real(4)), static_cast<std::size_t>(rows.integer(5))});
  return alerts;
}

// An alert that is new has only its words yet.
Embedding embedding_of(const Alert& alert) {
  return alert.embedding.empty() ? embed(alert.query) : from_bytes(alert.embedding);
}

// True if there is a mail to be sent.
bool record(MeetingsDatabase& database, const JobContext& context, const Alert& alert,
            const std::vector<EmbeddedMeeting>& meetings, std::int64_t now) {
  const Embedding wanted = embedding_of(alert);
  const auto matches = nearest(meetings, wanted, alert.threshold, alert.top_k);
  Mail mail = meetings_mail(context.parameter("mail_from"), alert.email, "Alert: " + alert.query,
                            "Coming meetings about \"" + alert.query + "\":", matches);
  const auto recorded = std::chrono::system_clock::now().time_since_epoch();
  mail.message_id = "alert-" + std::to_string(alert.id) + "-" +
                    std::to_string(std::chrono::floor<std::chrono::milliseconds>(recorded).count()) +
                    "@rota-example-jobs";
  const std::string bytes = to_bytes(wanted);
  database.transaction([&] {
    Statement mark{database, "UPDATE alerts SET last_checked_at = ?2, embedding = ?3 WHERE id = ?1"};
    mark.with(alert.id, now, Statement::Blob{bytes}).run();
    if (matches.empty()) return;
    Statement insert{
        database,
        "INSERT INTO alert_mails (message_id, recipient, message, recorded_at) VALUES (?1, ?2, ?3, ?4)"};
    insert.with(mail.message_id, alert.email, to_message(mail), now).run();
  });
  return !matches.empty();
}

struct Recorded {
  std::string message_id;
  std::string recipient;
  std::string message;
};

std::vector<Recorded> undelivered(MeetingsDatabase& database) {
  Statement rows{database,
                 "SELECT message_id, recipient, message FROM alert_mails WHERE delivered_at IS NULL ORDER BY "
                 "recorded_at, message_id"};
  std::vector<Recorded> mails;
  while (rows.step()) mails.push_back({rows.text(0), rows.text(1), rows.text(2)});
  return mails;
}

// Returns why the last one that failed did; empty if all went.
std::string deliver(MeetingsDatabase& database, JobContext& context, ScraperResult& result) {
  const SmtpServer server = server_of(context);
  Statement mark{database, "UPDATE alert_mails SET delivered_at = ?2 WHERE message_id = ?1"};
  std::string failure;
  for (const Recorded& mail : undelivered(database)) {
    if (context.stop_requested()) return "stopped; the rest is delivered by the next run";
    const auto sent = send_message(server, context.parameter("mail_from"), {mail.recipient}, mail.message);
    if (!sent.error.empty()) {
      failure = sent.error + "; it is delivered by the next run";
      context.warning(mail.message_id + ": " + sent.error);
      continue;
    }
    mark.with(mail.message_id, seconds_now()).run();
    ++result.lines_processed;
  }
  return failure;
}

ScraperResult send_smart_alerts(JobContext& context) {
  MeetingsDatabase database{context.parameter("database")};
  const auto day = today(context);
  const std::int64_t now = seconds_now();
  embed_new_meetings(database);
  const auto meetings = meetings_between(database, date_text(day), date_text(day + std::chrono::days{kDays}));
  const auto alerts = due_alerts(database, now);
  ScraperResult result;
  std::int64_t checked = 0;
  for (const Alert& alert : alerts) {
    if (context.stop_requested()) break;
    if (record(database, context, alert, meetings, now)) ++result.lines_added;
    context.progress(++checked, static_cast<std::int64_t>(alerts.size()), alert.query);
  }
  result.error = deliver(database, context, result);
  result.success = result.error.empty();
  context.info(std::to_string(checked) + " alerts checked, " + std::to_string(result.lines_added) +
               " mails recorded, " + std::to_string(result.lines_processed) + " delivered");
  return result;
}

}  // namespace

ROTA_REGISTER_JOBS(scheduler) {
  scheduler.register_job(
      {.name = "send_smart_alerts",
       .function = send_smart_alerts,
       .schedule = rota::every().hour().at(":15"),
       .parameters = {{"database", "/var/lib/rota/meetings.db"}, {"mail_from", "alerts@localhost"}}});
}
