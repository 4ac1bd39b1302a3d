// A committed row never changes except forward, every change is announced once, after its commit, and no run
// is executed before its row says that it runs. What was prepared is executed or abandoned.
#pragma once

#include <map>
#include <set>

#include "supervisor/run/run.h"
#include "tests/simulation/simulated_store.h"

namespace rota::simulation {

class RowRules {
 public:
  explicit RowRules(Disk& disk) : disk_{disk} {}

  // The row has been committed, anew or changed; returns it as it stands.
  Run committed(RunId id);

  // Listeners of the supervisor hear of it.
  void announced(const Run& run);

  // By an executor.
  void prepares(RunId id);
  void abandons(RunId id);
  void given(RunId id);

  // The process is gone, and with it what it had prepared and what it had not announced yet.
  void restart() {
    unannounced_.clear();
    prepared_.clear();
  }

  // Nothing more is on its way.
  void check_settled() const;

  // Every row stands as it was last committed.
  void check_all() const;

  // As it stands, in the midst of a transaction too.
  Run read(RunId id) const;

 private:
  Disk& disk_;
  std::map<RunId, Run> rows_;
  std::set<RunId> unannounced_;  // have ended
  std::set<RunId> prepared_;
};

}  // namespace rota::simulation
