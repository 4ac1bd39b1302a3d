// How a mail of the outbox reaches its readers: over SMTP, or however a simulation has it.
// Called on the event loop's thread, where the answers arrive too.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/mail/smtp.h"
#include "supervisor/executor/thread_pool.h"

namespace rota {

class MailCarrier {
 public:
  MailCarrier() = default;
  MailCarrier(const MailCarrier&) = delete;
  MailCarrier& operator=(const MailCarrier&) = delete;
  virtual ~MailCarrier() = default;

  // Hands a message to the server as send_message does, and answers what became of it. One at a time.
  virtual void carry(SmtpServer server, std::string sender, std::vector<std::string> recipients,
                     std::string message, std::function<void(SendResult)> done) = 0;

  // Takes nothing more; waits for a message that is being handed over, within the limits of send_message.
  virtual void stop() = 0;
};

// Over the network, on a thread of its own.
class SmtpCarrier : public MailCarrier {
 public:
  // `post` hands a function to the event loop's thread, from any thread.
  explicit SmtpCarrier(std::function<void(std::function<void()>)> post) : post_{std::move(post)} {}

  void carry(SmtpServer server, std::string sender, std::vector<std::string> recipients, std::string message,
             std::function<void(SendResult)> done) override;
  void stop() override;

 private:
  std::function<void(std::function<void()>)> post_;
  ThreadPool thread_{1, ThreadPool::Start::now};
};

}  // namespace rota
