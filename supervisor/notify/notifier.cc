#include "supervisor/notify/notifier.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "supervisor/notify/failure_mail.h"

namespace rota {
namespace {

SmtpServer server_of(const MailConfiguration& mail) {
  SmtpServer server;
  server.host = mail.host;
  server.port = mail.port;
  server.security = mail.security;
  server.ca_file = mail.ca_file;
  server.username = mail.username;
  if (mail.password_file.empty()) return server;
  std::ifstream file{mail.password_file};
  if (!std::getline(file, server.password))
    throw std::runtime_error{"mail.password_file " + mail.password_file.string() +
                             ": expected the password on its first line"};
  return server;
}

}  // namespace

Notifier::Notifier(NotifierOptions options, RunStore& store, MailCarrier& carrier,
                   const std::vector<AlarmState>& alarms, Loop loop)
    : options_{std::move(options)}, store_{store}, carrier_{carrier}, loop_{std::move(loop)} {
  for (const AlarmState& alarm : alarms) alarms_.emplace(alarm.job_name, alarm);
  order_summaries();
  if (options_.mail.enabled)
    outbox_ = std::make_unique<Outbox>(server_of(options_.mail), options_.mail.from, store_, carrier_, loop_);
}

Notifier::~Notifier() { stop(); }

void Notifier::start() {
  wake();
  arm_summaries();
}

void Notifier::wake() {
  if (outbox_) outbox_->wake();
}

void Notifier::stop() {
  *alive_ = false;
  if (outbox_) outbox_->stop();
}

Notifier::Prepared Notifier::prepare(const Run& run, std::string_view log_tail, Instant now) {
  if (!is_failure(run.state) && !alarms_.contains(run.job_name)) return {};
  AlarmState& alarm = alarm_of(run.job_name);
  AlarmState before = alarm;
  forget_the_future(before, now);
  const AlarmDecision decision = decide(before, run.state, now, options_.mail.summary_period);
  if (!decision.changed) return {};
  change(alarm, decision.state);
  Prepared prepared;
  prepared.alarm = decision.state;
  if (options_.mail.enabled && decision.mail != AlarmMail::none)
    prepared.mails.push_back(outbox_mail(
        run_mail(decision.mail, run, decision, log_tail, options_.mail, options_.host_name, now), now));
  arm_summaries();
  return prepared;
}

Notifier::Prepared Notifier::prepare_late(const Lateness& late, Instant now) {
  AlarmState& alarm = alarm_of(late.job_name);
  auto told = late_mails_.find(late.job_name);
  if (told != late_mails_.end() && told->second > now) told->second = now;
  const AlarmDecision decision =
      late.kind == Lateness::Kind::stale
          ? decide_stale(alarm)
          : decide_late(alarm, told == late_mails_.end() ? std::nullopt : std::optional{told->second}, now,
                        options_.mail.summary_period);
  Prepared prepared;
  if (decision.changed) {
    change(alarm, decision.state);
    prepared.alarm = decision.state;
  }
  if (decision.mail == AlarmMail::none) return prepared;
  if (decision.mail == AlarmMail::late) late_mails_[late.job_name] = now;
  if (options_.mail.enabled)
    prepared.mails.push_back(outbox_mail(late_mail(late, options_.mail, options_.host_name, now), now));
  return prepared;
}

void Notifier::configure(MailConfiguration mail) {
  std::optional<SmtpServer> server;
  if (mail.enabled) server = server_of(mail);
  if (outbox_)
    outbox_->use(std::move(server), mail.from);
  else if (server)
    outbox_ = std::make_unique<Outbox>(*std::move(server), mail.from, store_, carrier_, loop_);
  options_.mail = std::move(mail);
  order_summaries();
  next_summary_.reset();
  start();
}

AlarmState& Notifier::alarm_of(const std::string& job_name) {
  AlarmState& alarm = alarms_[job_name];
  alarm.job_name = job_name;
  return alarm;
}

void Notifier::change(AlarmState& alarm, const AlarmState& state) {
  if (const auto at = next_summary_at(alarm, options_.mail.summary_period))
    summaries_.erase({*at, alarm.job_name});
  alarm = state;
  if (const auto at = next_summary_at(alarm, options_.mail.summary_period))
    summaries_.emplace(*at, alarm.job_name);
}

void Notifier::order_summaries() {
  summaries_.clear();
  for (const auto& [name, alarm] : alarms_)
    if (const auto at = next_summary_at(alarm, options_.mail.summary_period)) summaries_.emplace(*at, name);
}

void Notifier::follow_clock(Instant now) {
  if (!clock_.was_set_back(now)) return;
  for (auto& [name, alarm] : alarms_) forget_the_future(alarm, now);
  order_summaries();
  next_summary_.reset();
}

void Notifier::arm_summaries() {
  const Instant now = loop_.now();
  follow_clock(now);
  if (summaries_.empty()) return;
  const Instant earliest = summaries_.begin()->first;
  if (next_summary_ && *next_summary_ <= earliest) return;
  next_summary_ = earliest;
  loop_.after(std::max(earliest - now, std::chrono::milliseconds{0}) + std::chrono::milliseconds{1},
              [this, alive = alive_] {
                if (*alive) write_summaries();
              });
}

void Notifier::write_summaries() {
  next_summary_.reset();
  const Instant now = loop_.now();
  while (!summaries_.empty() && summaries_.begin()->first <= now) {
    AlarmState& alarm = alarms_.at(summaries_.begin()->second);
    const AlarmDecision decision = summarise(alarm, now, options_.mail.summary_period);
    change(alarm, decision.state);
    std::vector<OutboxMail> mails;
    if (options_.mail.enabled)
      mails.push_back(outbox_mail(summary_mail(decision, options_.mail, options_.host_name, now), now));
    store_.record_alarm(std::move(mails), decision.state, {}, now, [this, alive = alive_] {
      if (*alive) wake();
    });
  }
  arm_summaries();
}

OutboxMail Notifier::outbox_mail(const Mail& mail, Instant now) const {
  OutboxMail entry;
  for (const std::string& address : mail.to)
    entry.recipients += (entry.recipients.empty() ? "" : ",") + address;
  entry.message = to_message(mail);
  entry.next_attempt_at = now;
  return entry;
}

}  // namespace rota
