// The store of the simulation: the statements of the real one on a database in memory. It differs in when
// things happen: a write waits for its commit, a commit for its time, an answer for its turn, and
// what is not committed is lost with the process.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/sqlite/sqlite.h"
#include "supervisor/store/run_store.h"
#include "supervisor/store/store_reader.h"
#include "supervisor/store/write_statements.h"
#include "tests/simulation/random.h"
#include "tests/simulation/timeline.h"
#include "tests/simulation/watcher.h"

namespace rota::simulation {

// What outlives the process.
struct Disk {
  Disk();

  Connection connection;
  WriteStatements statements;
  Statement row;    // of the run ?1
  Statement rows;   // all
  Statement alarm;  // of the job ?1: failing, failures_since_mail, stale
  Statement mails;  // how many have the text ?1
  // No commit succeeds before.
  Timeline::Steady full_until{0};
};

class SimulatedStore : public RunStore {
 public:
  SimulatedStore(Disk& disk, Timeline& timeline, Random& random, Watcher& watcher)
      : disk_{disk}, timeline_{timeline}, random_{random}, watcher_{watcher} {}

  // Nothing waits for its commit or its answer.
  bool idle() const { return writes_.empty() && answers_ == 0; }

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
  void due_mails(Instant now, int limit, std::function<void(std::vector<OutboxMail>)> done) override;
  void remove_mail(std::int64_t id, std::function<void()> done) override;
  void postpone_mail(std::int64_t id, Instant next_attempt_at, std::string error,
                     std::function<void()> done) override;
  bool healthy() const override { return healthy_; }
  std::string trouble() const override { return healthy_ ? "" : "the disk is full"; }

  // Nobody asks for these here.
  void prune(std::vector<JobRetention>, int, std::function<void(Pruned)>) override {}
  void back_up(std::filesystem::path, std::function<void(std::string)>) override {}
  void find(RunId, std::function<void(std::optional<Run>)>) override {}
  void query(RunQuery, std::function<void(std::vector<Run>)>) override {}

 private:
  // Applied within a transaction, again if that is rolled back. It notes what it did, and returns the answer.
  using Write = std::function<std::function<void()>(WriteStatements&, std::vector<Written>&)>;

  void add(Write write);
  void commit_after(std::chrono::milliseconds delay);
  void commit();
  void answer(std::function<void()> answer);
  bool fails();

  Disk& disk_;
  Timeline& timeline_;
  Random& random_;
  Watcher& watcher_;
  std::vector<Write> writes_;
  std::size_t answers_ = 0;
  Timeline::Steady last_answer_at_{0};
  bool commit_waits_ = false;
  bool healthy_ = true;
};

}  // namespace rota::simulation
