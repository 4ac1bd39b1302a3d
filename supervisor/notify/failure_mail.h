// What the mails about a job say. Pure.
#pragma once

#include <string>
#include <string_view>

#include "common/configuration/configuration.h"
#include "common/mail/mail.h"
#include "supervisor/notify/alarm_rules.h"
#include "supervisor/rules/deadlines.h"
#include "supervisor/run/run.h"

namespace rota {

// About one run: its failure, or its success after failures. `log_tail` holds the last
// lines of its log.
Mail run_mail(AlarmMail kind, const Run& run, const AlarmDecision& decision, std::string_view log_tail,
              const MailConfiguration& configuration, const std::string& host_name, Instant now);

// About what has not happened in time.
Mail late_mail(const Lateness& late, const MailConfiguration& configuration, const std::string& host_name,
               Instant now);

// About a job that goes on failing.
Mail summary_mail(const AlarmDecision& decision, const MailConfiguration& configuration,
                  const std::string& host_name, Instant now);

}  // namespace rota
