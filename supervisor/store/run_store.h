// The record of every run, as the rest of the supervisor sees it. SQLite is the
// embedded implementation (sqlite_run_store.h); nothing outside a store may
// assume that it is the only supervisor that writes.
//
// Every member may be called from the event loop's thread only, returns at once,
// and answers later on that thread through its callback, in the order of the
// calls. A write is answered when it is committed and on disk, not before; `written` of a write that lets a
// run start comes when it has been made and its commit begins, so that what takes time can be prepared
// meanwhile. That write may still be undone: then `written` comes again, perhaps with another id, or the
// answer is that of a write refused. While the database cannot be written (locked, disk full, I/O error)
// writes wait and are tried again with back-off; `healthy()` tells, and nothing is dropped. While it cannot
// be read, a question is answered with nothing, and `healthy()` tells before that answer comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/run/pause.h"
#include "supervisor/run/run.h"

namespace rota {

// What is known of a job's past for ever, whatever is pruned: one row a job, kept up in the
// transactions that change its runs.
struct JobFacts {
  std::string job_name;
  Instant first_seen_at{};
  Instant calendar_since{};  // from when on its occurrences are to have their row
  // Latest scheduled_for by schedule or catch_up since then, run or not.
  std::optional<Instant> last_occurrence;
  std::optional<Instant> last_finished_at;  // of a run, however it ended
  std::optional<Instant> last_success_at;
  std::optional<RunId> last_success_run;
  std::string last_entry;  // of the latest run that returned one
  // The latest run that was not skipped or missed, or that was due by dependency; else the first sight.
  Sequence begun = 0;
  Sequence success = 0;
  Sequence failure = 0;  // failed, timed_out, crashed or lost, and not tried again
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
  bool stale = false;  // its last success was announced as too old
};

// What is committed together with the end of a run.
struct Consequences {
  std::vector<OutboxMail> mails;
  std::optional<AlarmState> alarm;  // if it has changed
  std::optional<Run> retry;         // a further attempt, queued
};

// Which rows are to remember that people were told before the end.
struct Announced {
  struct Occurrence {
    std::string job_name;
    Instant scheduled_for{};
  };
  std::optional<Occurrence> late{};  // should be finished; all its runs that are active are late
  std::optional<RunId> overdue{};    // a thread past its timeout, told as a failure
};

// How far back the rows and logs of a job are kept.
struct Retention {
  std::optional<Instant> rows_since{};      // rows that were queued before are removed
  std::optional<std::int64_t> rows_kept{};  // of the newest
  std::optional<Instant> logs_since{};
  std::optional<std::int64_t> logs_kept{};
};

struct JobRetention {
  std::string job_name;
  Retention retention;
};

struct Pruned {
  std::int64_t rows = 0;
  std::vector<std::string> logs;  // paths, relative to the log directory, that no row names any more
  std::size_t jobs_done = 0;      // of the jobs in their order, those of which nothing more is to go
};

// A page of history, newest first.
struct RunQuery {
  std::optional<std::string> job_name{};
  std::optional<RunState> state{};
  std::optional<RunId> before{};   // only ids below this one: the last id of the page before
  std::optional<Instant> since{};  // only runs that were queued then or later
  int limit = 50;                  // 1 to 1000
};

class RunStore {
 public:
  RunStore() = default;
  RunStore(const RunStore&) = delete;
  RunStore& operator=(const RunStore&) = delete;
  virtual ~RunStore() = default;

  // Records a new run (id 0 in `run`; state queued, running, skipped or missed).
  // Answers its id, or nullopt if this occurrence of the job is already recorded. `written` may be null.
  virtual void insert(Run run, std::function<void(RunId)> written,
                      std::function<void(std::optional<RunId>)> done) = 0;

  // queued → running.
  virtual void record_started(RunId id, Instant started_at, std::string log_path,
                              std::function<void()> done) = 0;

  // queued or running → final; a row that is already final stays as it is, and then nothing
  // of this is written. What follows from the outcome is committed with it, in one transaction.
  // Answers the id of the retry, if there is one.
  virtual void record_outcome(RunId id, Outcome outcome, Consequences consequences,
                              std::function<void(std::optional<RunId>)> done) = 0;

  // Mails and alarm state without an outcome: a summary, or what is announced before its end.
  virtual void record_alarm(std::vector<OutboxMail> mails, std::optional<AlarmState> alarm,
                            Announced announced, Instant now, std::function<void()> done) = 0;

  // The calendars of these jobs begin at `now`; those that have no facts yet are first seen then.
  virtual void record_calendars(std::vector<std::string> job_names, Instant now,
                                std::function<void()> done) = 0;

  // A scope that is paused already stays as it is.
  virtual void record_pause(Pause pause, std::function<void()> done) = 0;
  virtual void record_resume(Pause::Scope scope, std::string name, std::function<void()> done) = 0;

  // One step of pruning, job after job: removes final rows of a job, oldest first, and once there
  // are none forgets the log_path of rows whose log goes, of all at most `step`. The caller
  // deletes the files of each answer, so that a stop between two steps leaves none behind, and
  // calls again for the jobs that are not done; other writes come in between. What job facts say stays.
  virtual void prune(std::vector<JobRetention> jobs, int step, std::function<void(Pruned)> done) = 0;

  // Writes a consistent copy of the database to a file that does not exist yet, while writes go
  // on. Answers an empty text, or what went wrong.
  virtual void back_up(std::filesystem::path file, std::function<void(std::string)> done) = 0;

  // Mails due at `now`, oldest first, at most `limit`.
  virtual void due_mails(Instant now, int limit, std::function<void(std::vector<OutboxMail>)> done) = 0;
  virtual void remove_mail(std::int64_t id, std::function<void()> done) = 0;
  virtual void postpone_mail(std::int64_t id, Instant next_attempt_at, std::string error,
                             std::function<void()> done) = 0;

  virtual void find(RunId id, std::function<void(std::optional<Run>)> done) = 0;
  virtual void query(RunQuery query, std::function<void(std::vector<Run>)> done) = 0;

  // False while writes or reads are failing; `trouble()` then says why and what to do, in a sentence.
  virtual bool healthy() const = 0;
  virtual std::string trouble() const = 0;
};

}  // namespace rota
