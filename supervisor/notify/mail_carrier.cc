#include "supervisor/notify/mail_carrier.h"

#include <chrono>
#include <utility>

namespace rota {
namespace {

constexpr std::chrono::seconds kLongestSend{31};

}  // namespace

void SmtpCarrier::carry(SmtpServer server, std::string sender, std::vector<std::string> recipients,
                        std::string message, std::function<void(SendResult)> done) {
  thread_.run([server = std::move(server), sender = std::move(sender), recipients = std::move(recipients),
               message = std::move(message), done = std::move(done), post = post_] {
    post([done, result = send_message(server, sender, recipients, message)] { done(result); });
  });
}

void SmtpCarrier::stop() { thread_.end(kLongestSend); }

}  // namespace rota
