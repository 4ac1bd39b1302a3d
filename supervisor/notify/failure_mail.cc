#include "supervisor/notify/failure_mail.h"

#include <utility>
#include <vector>

#include "common/time/duration.h"
#include "common/time/rfc3339.h"

namespace rota {
namespace {

// What a mail holds, before it is written as text and as HTML.
struct Content {
  std::string title;
  std::vector<std::pair<std::string, std::string>> facts;
  std::string log;
};

std::string words(RunState state) {
  std::string text{to_string(state)};
  for (char& letter : text)
    if (letter == '_') letter = ' ';
  return text;
}

std::string as_text(const Content& content) {
  std::string text = content.title + "\n\n";
  for (const auto& [name, value] : content.facts) text.append(name).append(": ").append(value).append("\n");
  if (!content.log.empty()) text += "\nThe end of its log:\n\n" + content.log;
  return text;
}

std::string as_html(const Content& content) {
  std::string html = "<!DOCTYPE html><html><body><h2>" + escape_html(content.title) + "</h2><table>";
  for (const auto& [name, value] : content.facts)
    html += "<tr><th align=\"left\">" + escape_html(name) + "</th><td>" + escape_html(value) + "</td></tr>";
  html += "</table>";
  if (!content.log.empty()) html += "<p>The end of its log:</p><pre>" + escape_html(content.log) + "</pre>";
  return html + "</body></html>\n";
}

Mail mail_of(const Content& content, const std::string& id, const MailConfiguration& configuration,
             const std::string& host_name, Instant now) {
  Mail mail;
  mail.from = configuration.from;
  mail.to = configuration.to;
  mail.reply_to = configuration.reply_to;
  mail.subject = "[rota] " + content.title;
  mail.text = as_text(content);
  mail.html = as_html(content);
  mail.message_id = id + "@" + host_name;
  mail.date = std::chrono::floor<std::chrono::seconds>(now);
  return mail;
}

void add_times(const Run& run, Content& content) {
  const auto add = [&](const char* name, const std::optional<Instant>& instant) {
    if (instant) content.facts.emplace_back(name, format_rfc3339(*instant));
  };
  add("Scheduled for", run.scheduled_for);
  add("Started", run.started_at);
  add("Finished", run.finished_at);
  if (run.started_at && run.finished_at)
    content.facts.emplace_back("Duration", format_duration(*run.finished_at - *run.started_at));
}

}  // namespace

Mail run_mail(AlarmMail kind, const Run& run, const AlarmDecision& decision, std::string_view log_tail,
              const MailConfiguration& configuration, const std::string& host_name, Instant now) {
  const bool recovered = kind == AlarmMail::recovery;
  Content content;
  content.title = run.job_name + (recovered ? " works again" : " " + words(run.state));
  content.facts.emplace_back("Job", run.job_name);
  content.facts.emplace_back("Run", std::to_string(run.id));
  content.facts.emplace_back("State", words(run.state));
  add_times(run, content);
  if (recovered && decision.state.failing_since != now)
    content.facts.emplace_back("Failed since", format_rfc3339(decision.state.failing_since));
  if (run.attempt > 1) content.facts.emplace_back("Attempt", std::to_string(run.attempt));
  if (!recovered) {
    content.facts.emplace_back("Error", run.error_type);
    content.facts.emplace_back("Message", run.error_message);
    if (decision.failures > 1)
      content.facts.emplace_back("Failures since the last mail", std::to_string(decision.failures));
    content.log = log_tail;
  }
  const std::string id = "run-" + std::to_string(run.id) + "-" + (recovered ? "recovery" : "failure") + "-" +
                         std::to_string(run.queued_at.time_since_epoch().count());
  return mail_of(content, id, configuration, host_name, now);
}

Mail late_mail(const Lateness& late, const MailConfiguration& configuration, const std::string& host_name,
               Instant now) {
  const bool stale = late.kind == Lateness::Kind::stale;
  const std::string limit = format_duration(late.limit);
  Content content;
  content.title = late.job_name + (stale ? " has not succeeded for " + limit : " is late");
  content.facts.emplace_back("Job", late.job_name);
  content.facts.emplace_back(stale ? "Last success, or first sight" : "Scheduled for",
                             format_rfc3339(late.since));
  content.facts.emplace_back("Expected",
                             stale ? "a success at least every " + limit : "to be finished within " + limit);
  const std::string id = std::string{stale ? "stale-" : "late-"} +
                         std::to_string(late.since.time_since_epoch().count()) + "-" + late.job_name;
  return mail_of(content, id, configuration, host_name, now);
}

Mail summary_mail(const AlarmDecision& decision, const MailConfiguration& configuration,
                  const std::string& host_name, Instant now) {
  const AlarmState& state = decision.state;
  Content content;
  content.title =
      state.job_name + " still fails: " + std::to_string(decision.failures) + " more since the last mail";
  content.facts.emplace_back("Job", state.job_name);
  content.facts.emplace_back("Failing since", format_rfc3339(state.failing_since));
  content.facts.emplace_back("Failures since the last mail", std::to_string(decision.failures));
  const std::string id = "summary-" + std::to_string(state.failing_since.time_since_epoch().count()) + "-" +
                         std::to_string(now.time_since_epoch().count()) + "-" + state.job_name;
  return mail_of(content, id, configuration, host_name, now);
}

}  // namespace rota
