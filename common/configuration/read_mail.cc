#include "common/configuration/read_mail.h"

#include <algorithm>

#include "common/configuration/loopback.h"
#include "common/configuration/secret_file.h"

namespace rota {
namespace {

bool is_mail_address(const std::string& text) {
  const auto at = text.find('@');
  return at != std::string::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string::npos &&
         std::none_of(text.begin(), text.end(),
                      [](char letter) { return letter <= ' ' || letter == ',' || letter == 127; });
}

void read_credentials(TableReader& reader, const Environment& environment, MailConfiguration& mail) {
  mail.username = reader.text("username").value_or("");
  mail.password_file = read_key_path(reader, "password_file", environment).value_or("");
  if (!mail.password_file.empty()) check_secret(reader, "password_file", mail.password_file);
  if (mail.username.empty() != mail.password_file.empty())
    reader.fault(mail.username.empty() ? "username" : "password_file",
                 "expected username and password_file together");
  if (!mail.username.empty() && mail.security == SmtpSecurity::none && !is_loopback(mail.host) &&
      mail.host != "localhost")
    reader.fault("security", "expected \"starttls\" or \"tls\": a password is not sent in the clear");
}

}  // namespace

void read_mail(TableReader reader, const Environment& environment, MailConfiguration& mail) {
  mail.enabled = reader.boolean("enabled").value_or(reader.get() != nullptr);
  mail.host = reader.text("host").value_or(mail.host);
  const auto security = reader.one_of("security", {"none", "starttls", "tls"});
  mail.security = static_cast<SmtpSecurity>(security.value_or(static_cast<std::size_t>(mail.security)));
  mail.port = static_cast<std::uint16_t>(reader.whole("port", 1, 65535).value_or(mail.port));
  mail.ca_file = reader.path("ca_file").value_or("");
  read_credentials(reader, environment, mail);
  mail.from = reader.text("from").value_or("");
  mail.to = reader.texts("to").value_or(std::vector<std::string>{});
  mail.reply_to = reader.text("reply_to").value_or("");
  mail.summary_period = reader.duration("summary_period").value_or(mail.summary_period);
  if (mail.enabled && (!reader.has("from") || !is_mail_address(mail.from)))
    reader.fault("from", "expected the address of the sender, such as \"rota@example.org\"");
  if (mail.enabled && !reader.has("to"))
    reader.fault("to", "expected a list of addresses that failures are told to");
  if (!std::all_of(mail.to.begin(), mail.to.end(), is_mail_address))
    reader.fault("to", "expected mail addresses");
  if (!mail.reply_to.empty() && !is_mail_address(mail.reply_to))
    reader.fault("reply_to", "expected a mail address");
  reader.finish();
}

}  // namespace rota
