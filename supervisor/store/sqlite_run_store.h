// The embedded RunStore: one SQLite file in WAL mode. One thread writes and commits
// in groups: what one turn of the event loop writes, and whatever has come while it wrote before, goes into
// one transaction, so that many runs share one wait for the disk. Another thread reads, a third makes
// backups.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "supervisor/store/run_store.h"

namespace rota {

// The file cannot be used; the message names it, what is wrong and what to do.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The same, and it will be so at the next start: the file is damaged, or a newer Rota has written it.
class DatabaseUnusable : public StoreError {
 public:
  using StoreError::StoreError;
};

class DatabaseLock;

class SqliteRunStore : public RunStore {
 public:
  // What the supervisor before left unfinished.
  struct Recovery {
    std::vector<Run> lost;  // stood as running; here as they should become: state lost, finished now
    std::vector<Run> queued;
  };

  // Opens the file, or creates it with its directory, and brings it to the newest
  // version. It is this store's until its end: another one is refused before it has changed anything.
  // `post` hands a function to the event loop's thread, from any thread,
  // and lives as long as the store. Throws StoreError.
  SqliteRunStore(const std::filesystem::path& file, std::function<void(std::function<void()>)> post);

  // Commits what is waiting, gives up after five seconds if the database is away. A backup that is
  // under way is given up and its file removed.
  ~SqliteRunStore() override;

  // For the start, before any other member is called; on the calling thread. They
  // throw StoreError. `recover` writes nothing: the caller records each lost run with
  // record_outcome, so that its announcement is committed with it.
  Recovery recover(Instant now);
  // All cost what there are jobs and unfinished runs, however long the history is.
  std::vector<JobFacts> facts();  // by name
  std::vector<Pause> pauses();
  std::vector<AlarmState> alarms();

  void insert(Run run, std::function<void(RunId)> written,
              std::function<void(std::optional<RunId>)> done) override;
  void record_started(RunId id, Instant started_at, std::string log_path,
                      std::function<void()> done) override;
  void record_outcome(RunId id, Outcome outcome, Consequences consequences,
                      std::function<void(std::optional<RunId>)> done) override;
  void record_alarm(std::vector<OutboxMail> mails, std::optional<AlarmState> alarm, Announced announced,
                    Instant now, std::function<void()> done) override;
  void record_calendars(std::vector<std::string> job_names, Instant now, std::function<void()> done) override;
  void record_pause(Pause pause, std::function<void()> done) override;
  void record_resume(Pause::Scope scope, std::string name, std::function<void()> done) override;
  void prune(std::vector<JobRetention> jobs, int step, std::function<void(Pruned)> done) override;
  void back_up(std::filesystem::path file, std::function<void(std::string)> done) override;
  void due_mails(Instant now, int limit, std::function<void(std::vector<OutboxMail>)> done) override;
  void remove_mail(std::int64_t id, std::function<void()> done) override;
  void postpone_mail(std::int64_t id, Instant next_attempt_at, std::string error,
                     std::function<void()> done) override;
  void find(RunId id, std::function<void(std::optional<Run>)> done) override;
  void query(RunQuery query, std::function<void(std::vector<Run>)> done) override;
  bool healthy() const override;
  std::string trouble() const override;

 private:
  class Writer;
  class Reader;
  class Copier;

  std::filesystem::path file_;
  std::function<void(std::function<void()>)> post_;
  std::unique_ptr<DatabaseLock> lock_;  // until all connections are closed
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Copier> copier_;  // from the first backup on
};

}  // namespace rota
