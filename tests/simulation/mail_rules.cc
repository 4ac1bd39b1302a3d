#include "tests/simulation/mail_rules.h"

#include "tests/simulation/fault.h"

namespace rota::simulation {
namespace {

constexpr const char* kOnce = "people are told once of what happened";
constexpr const char* kLost = "a mail waits until it is taken";
constexpr const char* kCommitted = "a mail is sent after its commit, and once";

std::string words(const Run& row) {
  return row.job_name + " run " + std::to_string(row.id) + ", " + std::string{to_string(row.state)};
}

std::string message_id(const std::string& message) {
  constexpr std::string_view kHeader = "Message-ID: <";
  const auto begin = message.find(kHeader) + kHeader.size();
  return message.substr(begin, message.find('>', begin) - begin);
}

}  // namespace

MailRules::Alarm MailRules::read(const std::string& job_name) const {
  Statement& row = disk_.alarm;
  row.with(job_name);
  Alarm alarm;
  if (row.step()) alarm = {row.integer(0) != 0, row.integer(1), row.integer(2) != 0};
  row.reset();
  return alarm;
}

void MailRules::note(const std::vector<OutboxMail>& mails) {
  for (const OutboxMail& mail : mails)
    if (!now_.mails.insert(message_id(mail.message)).second)
      throw Fault(kOnce, "a second mail " + message_id(mail.message));
}

void MailRules::failure(const Run& row, const Alarm& before, const Alarm& after, std::size_t mails) const {
  if (!after.failing) throw Fault(kOnce, words(row) + " is not known as a failure");
  if (!before.failing && mails != 1)
    throw Fault(kOnce, words(row) + " is the first failure, and no mail says so");
  if (mails > 1) throw Fault(kOnce, words(row) + " is told in several mails");
  if (after.failures != (mails == 1 ? 0 : before.failures + 1))
    throw Fault(kOnce, words(row) + " is not counted once");
}

void MailRules::ended(const Run& row, bool retried, const std::vector<OutboxMail>& mails) {
  note(mails);
  const Alarm before = now_.alarms[row.job_name];
  const Alarm after = now_.alarms[row.job_name] = read(row.job_name);
  if (now_.overdue.erase(row.id) == 0 && !retried) {
    if (is_failure(row.state)) return failure(row, before, after, mails.size());
    if (row.state == RunState::succeeded && (before.failing || before.stale)) {
      if (mails.size() != 1 || after.failing || after.stale)
        throw Fault(kOnce, words(row) + " is a recovery, and nobody is told");
      return;
    }
  }
  if (!mails.empty() || before != after) throw Fault(kOnce, words(row) + " is told, and need not be");
}

void MailRules::overdue(const Run& row, const std::vector<OutboxMail>& mails) {
  note(mails);
  now_.overdue.insert(row.id);
  const Alarm before = now_.alarms[row.job_name];
  failure(row, before, now_.alarms[row.job_name] = read(row.job_name), mails.size());
}

void MailRules::noticed(const std::vector<std::string>& jobs, const std::vector<OutboxMail>& mails) {
  note(mails);
  for (const std::string& job_name : jobs) {
    Alarm& alarm = now_.alarms[job_name];
    const Alarm after = read(job_name);
    if (after.failing != alarm.failing) throw Fault(kOnce, job_name + " changed by a notice");
    if (after.failures != alarm.failures && (after.failures != 0 || mails.size() != 1))
      throw Fault(kOnce, "failures of " + job_name + " were forgotten untold");
    alarm = after;
  }
}

void MailRules::carried(const std::string& message) {
  disk_.mails.with(message);
  const bool there = disk_.mails.step() && disk_.mails.integer(0) == 1;
  disk_.mails.reset();
  if (!there) throw Fault(kCommitted, message_id(message) + " is carried, and is not in the outbox");
  if (taken_.contains(message_id(message)))
    throw Fault(kCommitted, message_id(message) + " is carried again, and was taken");
}

void MailRules::taken(const std::string& message) {
  taken_.insert(message_id(message));
  ever_taken_.insert(message_id(message));
}

void MailRules::check_all() const {
  std::set<std::string> waiting;
  Statement outbox{disk_.connection, "SELECT message FROM outbox"};
  while (outbox.step()) waiting.insert(message_id(outbox.text(0)));
  for (const std::string& id : committed_.mails)
    if (!ever_taken_.contains(id) && !waiting.contains(id)) throw Fault(kLost, id + " was never taken");
}

}  // namespace rota::simulation
