// Hands the mails of the store's outbox to a carrier, one after the other, and tries again those that no
// server has taken. All members on the loop's thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/mail/smtp.h"
#include "supervisor/notify/loop.h"
#include "supervisor/notify/mail_carrier.h"
#include "supervisor/store/run_store.h"

namespace rota {

// The wait after the given number of failed attempts, from 1: ten seconds, then a
// minute that doubles up to an hour.
std::chrono::milliseconds back_off(int attempts);

// Whether a mail is to be tried now. One whose time is further away than any wait was told so by a clock
// that has been set back since.
bool is_due(const OutboxMail& mail, Instant now);

class Outbox {
 public:
  // `store` and `carrier` outlive the outbox.
  Outbox(SmtpServer server, std::string sender, RunStore& store, MailCarrier& carrier, Loop loop);

  // Another server and sender from the next mail on; none: mails wait.
  void use(std::optional<SmtpServer> server, std::string sender);

  // Looks what is due now. Called after mails were committed.
  void wake();

  // Sends nothing more, and stops the carrier.
  void stop();

 private:
  void look();
  void take(std::vector<OutboxMail> mails);
  void sent(const OutboxMail& mail, const SendResult& result);
  void look_again_at(Instant instant);

  std::optional<SmtpServer> server_;
  std::string sender_;
  RunStore& store_;
  MailCarrier& carrier_;
  Loop loop_;
  bool busy_ = false;
  bool look_again_ = false;
  bool stopped_ = false;
  std::optional<Instant> next_look_;
  // What a callback that is still on its way checks before it touches the outbox.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rota
