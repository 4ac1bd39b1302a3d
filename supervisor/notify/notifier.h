// Tells people of failures. It decides by the rules of alarm_rules.h, hands mails to
// the store to be committed with what they tell of, and sends what is committed.
// Everything on the event loop's thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/configuration/configuration.h"
#include "common/mail/mail.h"
#include "common/time/clock_watch.h"
#include "supervisor/notify/alarm_rules.h"
#include "supervisor/notify/loop.h"
#include "supervisor/notify/outbox.h"
#include "supervisor/rules/deadlines.h"
#include "supervisor/store/run_store.h"

namespace rota {

struct NotifierOptions {
  MailConfiguration mail;
  std::string host_name;  // of this machine, for message ids
};

class Notifier {
 public:
  struct Prepared {
    std::vector<OutboxMail> mails;
    std::optional<AlarmState> alarm;  // if it has changed
  };

  // `store` and `carrier` outlive the notifier; `alarms` is what it held at the start. Without mail in
  // the configuration alarms are kept all the same, so that none is stale when it
  // is switched on. Throws std::runtime_error if the password cannot be read.
  Notifier(NotifierOptions options, RunStore& store, MailCarrier& carrier,
           const std::vector<AlarmState>& alarms, Loop loop);
  ~Notifier();

  // Begins to send what the outbox holds and to write summaries.
  void start();

  // What is to be committed with the end of a run; `log_tail` is the end of its log. Cheap
  // for a success of a job that does not fail.
  Prepared prepare(const Run& run, std::string_view log_tail, Instant now);

  // What is to be committed with the notice that something has not happened in time.
  Prepared prepare_late(const Lateness& late, Instant now);

  // Other recipients, texts and servers from now on. Throws as the constructor does, and then
  // nothing has changed.
  void configure(MailConfiguration mail);

  // Mails have been committed.
  void wake();

  // Sends nothing more.
  void stop();

 private:
  AlarmState& alarm_of(const std::string& job_name);
  void change(AlarmState& alarm, const AlarmState& state);
  void order_summaries();
  void follow_clock(Instant now);
  void arm_summaries();
  void write_summaries();
  OutboxMail outbox_mail(const Mail& mail, Instant now) const;

  NotifierOptions options_;
  RunStore& store_;
  MailCarrier& carrier_;
  Loop loop_;
  std::map<std::string, AlarmState, std::less<>> alarms_;
  // When each job's next summary is due: with very many jobs in alarm no failure may cost a look at all.
  std::set<std::pair<Instant, std::string>> summaries_;
  std::map<std::string, Instant, std::less<>> late_mails_;
  std::optional<Instant> next_summary_;
  ClockWatch clock_{Instant::max()};  // at first the alarms may be of any clock
  std::unique_ptr<Outbox> outbox_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rota
