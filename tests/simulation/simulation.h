// One seed: a machine with drawn jobs and drawn misfortunes for a month of virtual time, on which the
// real supervisor runs, dies and starts again. Throws Fault where a promise does not hold.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "supervisor/daemon/supervisor.h"
#include "tests/simulation/admission_rules.h"
#include "tests/simulation/dependency_rules.h"
#include "tests/simulation/drawn_jobs.h"
#include "tests/simulation/mail_rules.h"
#include "tests/simulation/occurrence_ledger.h"
#include "tests/simulation/random.h"
#include "tests/simulation/row_rules.h"
#include "tests/simulation/simulated_executor.h"
#include "tests/simulation/simulated_store.h"
#include "tests/simulation/timeline.h"
#include "tests/simulation/trace.h"

namespace rota::simulation {

class Simulation : private Watcher {
 public:
  Simulation(std::uint64_t seed, Trace& trace);
  ~Simulation() override;

  void run();

  std::size_t steps() const { return steps_; }

 private:
  struct Process;

  void step(Timeline::Steady end);
  void advance(Timeline::Steady at);
  bool settled() const;
  void check_settled();
  void say(const std::string& line) { trace_.add(timeline_.now(), line); }

  void start();
  void crash();
  void stop();
  void gone();
  void wake_at(std::optional<Instant> at);

  void plan(const std::string& name, std::chrono::milliseconds most, void (Simulation::*what)());
  void soon_after_wake_up(const std::string& name, void (Simulation::*what)());
  void plan_misfortunes();
  void set_clock();
  void reload();
  void reload_now();
  void trigger();
  void cancel();
  void pause();
  void resume(const Pause& pause);
  void fill_disk();

  Handle insert_asked(const Run& run) override;
  void start_asked(RunId id) override;
  void outcome_asked(RunId id, const Outcome& outcome, const Consequences& consequences) override;
  std::optional<RunId> alarm_asked() override;
  void began() override;
  void told(const Written& written, const std::vector<OutboxMail>& mails) override;
  void committed(const std::vector<Written>& writes) override;
  void insert_answered(Handle handle, std::optional<RunId> id) override;
  void outcome_answered(RunId id, const std::optional<Run>& retry, std::optional<RunId> retry_id) override;

  Random random_;
  Trace& trace_;
  Timeline timeline_;
  Disk disk_;
  DrawnJobs jobs_;
  OccurrenceLedger ledger_;
  AdmissionRules admission_;
  RowRules rows_;
  MailRules mails_;
  DependencyRules dependencies_;
  std::unique_ptr<Process> process_;
  std::optional<Instant> wake_at_;
  Timeline::Steady wake_latency_{0};
  std::optional<RunId> overdue_;
  bool dies_ = false;
  bool stopping_ = false;
  bool calm_ = false;
  std::size_t steps_ = 0;
};

}  // namespace rota::simulation
