// People are told once of each failure and of each recovery: checked with each write that may tell them, by
// what the disk said before and says after, and with each mail that is carried.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/simulated_store.h"

namespace rota::simulation {

class MailRules {
 public:
  explicit MailRules(Disk& disk) : disk_{disk} {}

  // A transaction begins, perhaps again.
  void began() { now_ = committed_; }
  // In it the run has ended, or was told of while it still ran.
  void ended(const Run& row, bool retried, const std::vector<OutboxMail>& mails);
  void overdue(const Run& row, const std::vector<OutboxMail>& mails);
  // In it something else was told: a summary, or what is late.
  void noticed(const std::vector<std::string>& jobs, const std::vector<OutboxMail>& mails);
  void committed() { committed_ = now_; }

  // A mail goes to the server, and was taken by it.
  void carried(const std::string& message);
  void taken(const std::string& message);
  // The process is gone, and may not have noted that a mail was taken.
  void restart() { taken_.clear(); }

  // Every mail that was committed was taken, or waits.
  void check_all() const;

 private:
  struct Alarm {
    bool failing = false;
    std::int64_t failures = 0;
    bool stale = false;
    bool operator==(const Alarm&) const = default;
  };
  struct Told {
    std::map<std::string, Alarm> alarms;
    std::set<std::string> mails;  // by Message-ID
    std::set<RunId> overdue;
  };

  Alarm read(const std::string& job_name) const;
  void note(const std::vector<OutboxMail>& mails);
  void failure(const Run& row, const Alarm& before, const Alarm& after, std::size_t mails) const;

  Disk& disk_;
  Told committed_;
  Told now_;
  std::set<std::string> taken_;
  std::set<std::string> ever_taken_;
};

}  // namespace rota::simulation
