// A mail server that takes its time, and refuses now and then.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "supervisor/notify/mail_carrier.h"
#include "tests/simulation/mail_rules.h"
#include "tests/simulation/random.h"
#include "tests/simulation/timeline.h"

namespace rota::simulation {

class SimulatedCarrier : public MailCarrier {
 public:
  SimulatedCarrier(Timeline& timeline, Random& random, MailRules& rules)
      : timeline_{timeline}, random_{random}, rules_{rules} {}

  void carry(SmtpServer, std::string, std::vector<std::string>, std::string message,
             std::function<void(SendResult)> done) override {
    rules_.carried(message);
    const SendResult result{random_.percent(20) ? "so it was drawn" : "", false};
    if (result.error.empty()) rules_.taken(message);
    timeline_.after(random_.time(std::chrono::milliseconds{1}, std::chrono::seconds{30}),
                    Timeline::Owner::process, "mail", [done = std::move(done), result] { done(result); });
  }
  void stop() override {}

 private:
  Timeline& timeline_;
  Random& random_;
  MailRules& rules_;
};

}  // namespace rota::simulation
