// Mails that list meetings, and the server they go to.
#pragma once

#include <rota/job.h>

#include <string>
#include <vector>

#include "common/mail/mail.h"
#include "common/mail/smtp.h"
#include "jobs/support/embeddings.h"

namespace rota::jobs {

// From the parameters smtp_host, smtp_port and smtp_security ("none", "starttls", "tls").
// Throws std::invalid_argument.
SmtpServer server_of(const JobContext& context);

// A mail in text and HTML: `introduction`, then the meetings.
Mail meetings_mail(const std::string& from, const std::string& to, const std::string& subject,
                   const std::string& introduction, const std::vector<Match>& matches);

}  // namespace rota::jobs
