#include "tests/simulation/simulated_store.h"

#include <algorithm>
#include <utility>

#include "supervisor/store/run_row.h"
#include "supervisor/store/schema.h"

namespace rota::simulation {
namespace {

using std::chrono::milliseconds;
using Kind = Written::Kind;

constexpr milliseconds kFirstWait{50};
constexpr milliseconds kLongestWait{5000};

std::string select(const std::string& rest) {
  return std::string{"SELECT "} + kRunColumns + " FROM scheduled_job_runs " + rest;
}

Connection& prepared(Connection& connection) {
  migrate(connection);
  return connection;
}

}  // namespace

Disk::Disk()
    : connection{":memory:", Connection::Access::read_write},
      statements{prepared(connection)},
      row{connection, select("WHERE id = ?1")},
      rows{connection, select("ORDER BY id")},
      alarm{connection, "SELECT failing, failures_since_mail, stale FROM alarms WHERE job_name = ?1"},
      mails{connection, "SELECT count(*) FROM outbox WHERE message = ?1"} {}

void SimulatedStore::add(Write write) {
  writes_.push_back(std::move(write));
  if (commit_waits_) return;
  commit_after(random_.in(20) ? random_.time(milliseconds{1}, milliseconds{60'000})
                              : milliseconds{random_.between(0, 20)});
}

bool SimulatedStore::fails() { return timeline_.steady() < disk_.full_until || random_.in(50); }

// What has come when the transaction begins goes into it. The supervisor may be in the midst of a step then,
// so that is any part of what it asked for.
void SimulatedStore::commit() {
  const bool fails = this->fails();
  const auto all = static_cast<std::int64_t>(writes_.size());
  const auto reached = fails || random_.in(4) ? random_.between(fails ? 0 : 1, all) : all;
  std::vector<Written> written;
  std::vector<std::function<void()>> answers;
  watcher_.began();
  disk_.statements.begin();
  for (auto write = writes_.begin(); write != writes_.begin() + reached; ++write)
    answers.push_back((*write)(disk_.statements, written));
  healthy_ = !fails;
  if (fails) {
    disk_.statements.roll_back();
    return commit_after(
        std::max(random_.time(kFirstWait, kLongestWait), disk_.full_until - timeline_.steady()));
  }
  disk_.statements.commit();
  writes_.erase(writes_.begin(), writes_.begin() + reached);
  watcher_.committed(written);
  for (auto& each : answers) answer(std::move(each));
  commit_waits_ = false;
  if (!writes_.empty()) commit_after(milliseconds{random_.between(0, 20)});
}

void SimulatedStore::commit_after(milliseconds delay) {
  commit_waits_ = true;
  timeline_.after(delay, Timeline::Owner::process, "commit", [this] { commit(); });
}

void SimulatedStore::answer(std::function<void()> answer) {
  const milliseconds delay =
      random_.in(20) ? random_.time(milliseconds{0}, milliseconds{10'000}) : milliseconds{0};
  last_answer_at_ = std::max(last_answer_at_, timeline_.steady() + delay);
  ++answers_;
  timeline_.after(last_answer_at_ - timeline_.steady(), Timeline::Owner::process, "answer",
                  [this, answer = std::move(answer)] {
                    --answers_;
                    answer();
                  });
}

void SimulatedStore::insert(Run run, std::function<void(RunId)> soon,
                            std::function<void(std::optional<RunId>)> done) {
  const Handle handle = watcher_.insert_asked(run);
  add([this, handle, run = std::move(run), soon = std::move(soon), done](WriteStatements& statements,
                                                                         std::vector<Written>& written) {
    const auto id = statements.insert(run);
    written.push_back({id ? Kind::inserted : Kind::refused, handle, id.value_or(0)});
    if (id && soon) soon(*id);
    return [this, handle, done, id] {
      watcher_.insert_answered(handle, id);
      done(id);
    };
  });
}

void SimulatedStore::record_started(RunId id, Instant started_at, std::string log_path,
                                    std::function<void()> done) {
  watcher_.start_asked(id);
  add([id, started_at, path = std::move(log_path), done](WriteStatements& statements,
                                                         std::vector<Written>& written) {
    statements.record_started(id, started_at, path);
    written.push_back({Kind::started, 0, id});
    return done;
  });
}

void SimulatedStore::record_outcome(RunId id, Outcome outcome, Consequences consequences,
                                    std::function<void(std::optional<RunId>)> done) {
  watcher_.outcome_asked(id, outcome, consequences);
  add([this, id, outcome = std::move(outcome), consequences = std::move(consequences), done](
          WriteStatements& statements, std::vector<Written>& written) {
    const auto retry_id = statements.record_outcome(id, outcome, consequences);
    written.push_back({Kind::ended, 0, id, consequences.retry.has_value()});
    watcher_.told(written.back(), consequences.mails);
    if (retry_id) written.push_back({Kind::inserted, 0, *retry_id});
    return [this, id, done, retry = consequences.retry, retry_id] {
      watcher_.outcome_answered(id, retry, retry_id);
      done(retry_id);
    };
  });
}

void SimulatedStore::record_alarm(std::vector<OutboxMail> mails, std::optional<AlarmState> alarm,
                                  Announced announced, Instant now, std::function<void()> done) {
  const std::optional<RunId> overdue = watcher_.alarm_asked();
  add([this, overdue, mails = std::move(mails), alarm = std::move(alarm), announced = std::move(announced),
       now, done](WriteStatements& statements, std::vector<Written>& written) {
    statements.record_alarm(mails, alarm, announced, now);
    written.push_back({.kind = Kind::told, .overdue = overdue});
    if (alarm) written.back().jobs = {alarm->job_name};
    watcher_.told(written.back(), mails);
    return done;
  });
}

void SimulatedStore::record_calendars(std::vector<std::string> job_names, Instant now,
                                      std::function<void()> done) {
  add([names = std::move(job_names), now, done](WriteStatements& statements, std::vector<Written>& written) {
    statements.record_calendars(names, now);
    written.push_back({.kind = Kind::calendars, .jobs = names, .since = now});
    return done;
  });
}

void SimulatedStore::record_pause(Pause pause, std::function<void()> done) {
  add([pause = std::move(pause), done](WriteStatements& statements, std::vector<Written>&) {
    statements.record_pause(pause);
    return done;
  });
}

void SimulatedStore::record_resume(Pause::Scope scope, std::string name, std::function<void()> done) {
  add([scope, name = std::move(name), done](WriteStatements& statements, std::vector<Written>&) {
    statements.record_resume(scope, name);
    return done;
  });
}

// The reader has a connection of its own, and so sees what is committed at its time.
void SimulatedStore::due_mails(Instant now, int limit, std::function<void(std::vector<OutboxMail>)> done) {
  answer(
      [this, now, limit, done = std::move(done)] { done(select_due_mails(disk_.connection, now, limit)); });
}

void SimulatedStore::remove_mail(std::int64_t id, std::function<void()> done) {
  add([id, done](WriteStatements& statements, std::vector<Written>&) {
    statements.remove_mail(id);
    return done;
  });
}

void SimulatedStore::postpone_mail(std::int64_t id, Instant next_attempt_at, std::string error,
                                   std::function<void()> done) {
  add([id, next_attempt_at, error = std::move(error), done](WriteStatements& statements,
                                                            std::vector<Written>&) {
    statements.postpone_mail(id, next_attempt_at, error);
    return done;
  });
}

}  // namespace rota::simulation
