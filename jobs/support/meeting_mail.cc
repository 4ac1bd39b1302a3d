#include "jobs/support/meeting_mail.h"

#include <stdexcept>

#include "jobs/support/parameters.h"

namespace rota::jobs {
namespace {

SmtpSecurity security_of(const std::string& word) {
  if (word == "none") return SmtpSecurity::none;
  if (word == "starttls") return SmtpSecurity::starttls;
  if (word == "tls") return SmtpSecurity::tls;
  throw std::invalid_argument{"parameter smtp_security: found \"" + word +
                              "\", expected none, starttls or tls"};
}

std::string place_and_time(const Meeting& meeting) {
  return meeting.starts_at + (meeting.location.empty() ? "" : ", " + meeting.location);
}

}  // namespace

SmtpServer server_of(const JobContext& context) {
  SmtpServer server;
  server.host = context.parameter("smtp_host", "localhost");
  server.port = static_cast<std::uint16_t>(whole_parameter(context, "smtp_port", 1, 65535, 25));
  server.security = security_of(context.parameter("smtp_security", "starttls"));
  return server;
}

Mail meetings_mail(const std::string& from, const std::string& to, const std::string& subject,
                   const std::string& introduction, const std::vector<Match>& matches) {
  Mail mail;
  mail.from = from;
  mail.to = {to};
  mail.subject = subject;
  mail.text = introduction + "\n\n";
  mail.html = "<!DOCTYPE html><html><body><p>" + escape_html(introduction) + "</p><ul>";
  for (const Match& match : matches) {
    const Meeting& meeting = *match.meeting;
    mail.text += "* " + meeting.title + "\n  " + meeting.member + "\n  " + place_and_time(meeting) + "\n";
    mail.html += "<li><b>" + escape_html(meeting.title) + "</b><br>" + escape_html(meeting.member) + "<br>" +
                 escape_html(place_and_time(meeting)) + "</li>";
  }
  mail.html += "</ul></body></html>\n";
  mail.date = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return mail;
}

}  // namespace rota::jobs
