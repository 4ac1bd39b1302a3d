// The record of every run, as the rest of the supervisor sees it. SQLite is the
// embedded implementation (sqlite_run_store.h); nothing outside a store may
// assume that it is the only supervisor that writes.
//
// Every member may be called from the event loop's thread only, returns at once,
// and answers later on that thread through its callback, in the order of the
// calls. A write is answered when it is committed and on disk, not before. While
// the database cannot be written (locked, disk full, I/O error) writes wait and
// are tried again with back-off; `healthy()` tells, and nothing is dropped.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/run/run.h"

namespace rota {

// What the scheduler must know of a job's past to go on after a restart.
struct JobHistory {
  std::string job_name;
  std::optional<Instant> last_occurrence;  // latest scheduled_for of a run by schedule or catch_up
  std::optional<Instant> last_finished_at;
  std::string last_entry;  // of the latest run that returned one
};

// A mail that waits until a server has taken it.
struct OutboxMail {
  std::int64_t id = 0;
  std::string recipients;  // comma-separated addresses
  std::string message;     // RFC 5322 text, complete with header
  int attempts = 0;
  Instant next_attempt_at{};
};

// What has been told to people about a job's failures; one row a job.
struct AlarmState {
  std::string job_name;
  bool failing = false;
  std::int64_t failures_since_mail = 0;  // counted for the next summary
  Instant failing_since{};
  Instant last_mail_at{};
};

// A page of history, newest first.
struct RunQuery {
  std::optional<std::string> job_name;
  std::optional<RunState> state;
  std::optional<RunId> before;  // only ids below this one: the last id of the page before
  int limit = 50;               // 1 to 1000
};

class RunStore {
 public:
  RunStore() = default;
  RunStore(const RunStore&) = delete;
  RunStore& operator=(const RunStore&) = delete;
  virtual ~RunStore() = default;

  // Records a new run (id 0 in `run`; state queued, running, skipped or missed).
  // Answers its id, or nullopt if this occurrence of the job is already recorded.
  virtual void insert(Run run, std::function<void(std::optional<RunId>)> done) = 0;

  // queued → running.
  virtual void record_started(RunId id, Instant started_at, std::string log_path,
                              std::function<void()> done) = 0;

  // queued or running → final; a row that is already final stays as it is. Mails and
  // the alarm state that follow from the outcome are committed with it, in one transaction.
  virtual void record_outcome(RunId id, Outcome outcome, std::vector<OutboxMail> mails,
                              std::optional<AlarmState> alarm, std::function<void()> done) = 0;

  // Mails and alarm state without an outcome: a summary, or a thread past its timeout.
  virtual void record_alarm(std::vector<OutboxMail> mails, std::optional<AlarmState> alarm,
                            std::function<void()> done) = 0;

  // Mails due at `now`, oldest first, at most `limit`.
  virtual void due_mails(Instant now, int limit, std::function<void(std::vector<OutboxMail>)> done) = 0;
  virtual void remove_mail(std::int64_t id, std::function<void()> done) = 0;
  virtual void postpone_mail(std::int64_t id, Instant next_attempt_at, std::string error,
                             std::function<void()> done) = 0;

  virtual void find(RunId id, std::function<void(std::optional<Run>)> done) = 0;
  virtual void query(RunQuery query, std::function<void(std::vector<Run>)> done) = 0;

  // False while writes are failing; `trouble()` then says why, in a sentence.
  virtual bool healthy() const = 0;
  virtual std::string trouble() const = 0;
};

}  // namespace rota
