// Mails each weekly subscriber the coming meetings that fit their interests: a simple
// job on a thread. It checks for a stop between subscribers; a run of the same week
// that follows a stopped one goes on after the last who was served.
//
// Parameters: database; smtp_host, smtp_port, smtp_security; mail_from; today.
#include <rota/job.h>

#include <boost/json.hpp>
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

constexpr int kDays = 14;
constexpr std::size_t kMeetings = 10;
constexpr float kLeastSimilarity = 0.01F;

struct Subscriber {
  std::int64_t id;
  std::string email;
  std::string interests;
};

std::vector<Subscriber> subscribers_after(MeetingsDatabase& database, std::int64_t id) {
  Statement rows{database,
                 "SELECT id, email, interests FROM profiles WHERE newsletter_frequency = 'weekly' AND id > "
                 "?1 ORDER BY id"};
  rows.with(id);
  std::vector<Subscriber> subscribers;
  while (rows.step()) subscribers.push_back({rows.integer(0), rows.text(1), rows.text(2)});
  return subscribers;
}

// Where the run before was stopped, if that was for the same week.
std::int64_t place_of(const std::string& last_entry, const std::string& week) {
  boost::json::error_code error;
  const auto value = boost::json::parse(last_entry, error);
  if (error || !value.is_object()) return 0;
  const auto& entry = value.get_object();
  const auto* of_week = entry.if_contains("week");
  const auto* id = entry.if_contains("stopped_after");
  return of_week && id && *of_week == boost::json::string{week} && id->is_int64() ? id->get_int64() : 0;
}

Mail newsletter(const JobContext& context, const Subscriber& subscriber,
                const std::vector<EmbeddedMeeting>& meetings, const std::string& week) {
  const auto matches = nearest(meetings, embed(subscriber.interests), kLeastSimilarity, kMeetings);
  const std::string introduction = matches.empty() ? "No meeting of the coming two weeks fits your interests."
                                                   : "The coming meetings that fit your interests best:";
  Mail mail = meetings_mail(context.parameter("mail_from"), subscriber.email,
                            "Newsletter: meetings from " + week, introduction, matches);
  mail.message_id = "newsletter-" + week + "-" + std::to_string(subscriber.id) + "@rota-example-jobs";
  return mail;
}

std::string monday_of(std::chrono::sys_days day) {
  return date_text(day - (std::chrono::weekday{day} - std::chrono::Monday));
}

ScraperResult send_weekly_newsletter(JobContext& context) {
  MeetingsDatabase database{context.parameter("database")};
  const SmtpServer server = server_of(context);
  const auto day = today(context);
  const std::string week = monday_of(day);
  embed_new_meetings(database);
  const auto meetings = meetings_between(database, date_text(day), date_text(day + std::chrono::days{kDays}));
  const auto subscribers = subscribers_after(database, place_of(context.last_entry(), week));
  const auto total = static_cast<std::int64_t>(subscribers.size());
  ScraperResult result;
  std::int64_t tried = 0;
  std::string failure;
  for (const Subscriber& subscriber : subscribers) {
    if (context.stop_requested()) break;
    const auto sent = send_message(server, context.parameter("mail_from"), {subscriber.email},
                                   to_message(newsletter(context, subscriber, meetings, week)));
    if (sent.error.empty()) {
      ++result.lines_processed;
    } else {
      failure = sent.error;
      context.warning("to " + subscriber.email + ": " + sent.error);
    }
    context.progress(++tried, total, subscriber.email);
    if (tried < total)
      result.last_entry =
          "{\"week\":\"" + week + "\",\"stopped_after\":" + std::to_string(subscriber.id) + "}";
  }
  if (tried == total) result.last_entry = "{\"week\":\"" + week + "\"}";
  const std::int64_t missed = total - result.lines_processed;
  result.success = missed == 0;
  if (missed > 0)
    result.error = std::to_string(missed) + " of " + std::to_string(total) +
                   " newsletters were not sent: " + (failure.empty() ? "stopped" : failure);
  context.info(std::to_string(result.lines_processed) + " of " + std::to_string(total) + " newsletters sent");
  return result;
}

}  // namespace

ROTA_REGISTER_JOBS(scheduler) {
  scheduler.register_job(
      {.name = "send_weekly_newsletter",
       .function = send_weekly_newsletter,
       .schedule = rota::every().monday().at("08:00"),
       .parameters = {{"database", "/var/lib/rota/meetings.db"}, {"mail_from", "newsletter@localhost"}}});
}
