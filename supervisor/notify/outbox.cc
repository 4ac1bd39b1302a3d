#include "supervisor/notify/outbox.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <sstream>

namespace rota {
namespace {

using std::chrono::milliseconds;

std::vector<std::string> addresses(const std::string& list) {
  std::vector<std::string> all;
  std::istringstream reader{list};
  for (std::string address; std::getline(reader, address, ',');) all.push_back(address);
  return all;
}

}  // namespace

milliseconds back_off(int attempts) {
  if (attempts <= 1) return std::chrono::seconds{10};
  return std::min<milliseconds>(std::chrono::minutes{1} * (1 << std::min(attempts - 2, 10)),
                                std::chrono::hours{1});
}

bool is_due(const OutboxMail& mail, Instant now) {
  return mail.next_attempt_at <= now || mail.next_attempt_at - now > back_off(mail.attempts);
}

Outbox::Outbox(SmtpServer server, std::string sender, RunStore& store, MailCarrier& carrier, Loop loop)
    : server_{std::move(server)},
      sender_{std::move(sender)},
      store_{store},
      carrier_{carrier},
      loop_{std::move(loop)} {}

void Outbox::use(std::optional<SmtpServer> server, std::string sender) {
  server_ = std::move(server);
  sender_ = std::move(sender);
  wake();
}

void Outbox::wake() {
  if (busy_)
    look_again_ = true;
  else
    look();
}

void Outbox::stop() {
  stopped_ = true;
  *alive_ = false;
  carrier_.stop();
}

void Outbox::look() {
  if (stopped_ || !server_) return;
  busy_ = true;
  look_again_ = false;
  // The first that is not due yet tells when to look again.
  constexpr Instant kEver{milliseconds::max()};
  constexpr int kBatch = 1;
  store_.due_mails(kEver, kBatch, [this, alive = alive_](std::vector<OutboxMail> mails) {
    if (*alive) take(std::move(mails));
  });
}

void Outbox::take(std::vector<OutboxMail> mails) {
  const Instant now = loop_.now();
  if (!server_ || mails.empty() || !is_due(mails.front(), now)) {
    busy_ = false;
    if (look_again_) return look();
    if (!mails.empty())
      look_again_at(mails.front().next_attempt_at);
    else if (!store_.healthy())
      look_again_at(now + back_off(1));
    return;
  }
  const OutboxMail& mail = mails.front();
  carrier_.carry(*server_, sender_, addresses(mail.recipients), mail.message,
                 [this, alive = alive_, mail](const SendResult& result) {
                   if (*alive) sent(mail, result);
                 });
}

void Outbox::sent(const OutboxMail& mail, const SendResult& result) {
  const auto next = [this, alive = alive_] {
    if (*alive) look();
  };
  if (result.error.empty()) return store_.remove_mail(mail.id, next);
  const auto wait = back_off(mail.attempts + 1);
  spdlog::warn("mail {} was not taken: {}; it is tried again in {} s", mail.id, result.error,
               std::chrono::duration_cast<std::chrono::seconds>(wait).count());
  store_.postpone_mail(mail.id, loop_.now() + wait, result.error, next);
}

void Outbox::look_again_at(Instant instant) {
  if (next_look_ && *next_look_ <= instant && *next_look_ > loop_.now()) return;
  next_look_ = instant;
  loop_.after(instant - loop_.now() + milliseconds{1}, [this, alive = alive_] {
    if (!*alive) return;
    next_look_.reset();
    wake();
  });
}

}  // namespace rota
