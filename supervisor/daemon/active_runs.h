// The runs that are active, by ticket and by id. A container, for the lifecycle.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "supervisor/dispatch/dispatcher.h"
#include "supervisor/http/scheduler_api.h"
#include "supervisor/job/job_table.h"
#include "supervisor/run/run.h"

namespace rota {

// A run from its admission until its outcome is on disk.
struct ActiveRun {
  Run row;
  std::shared_ptr<const ActiveJob> job;  // as it was when the run was admitted; null for none
  bool may_start = false;                // the dispatcher gave it a place
  std::optional<RunId> prepared;         // the executor has made it ready under this id, not yet on disk
  bool launched = false;                 // the executor has it
  bool announced_overdue = false;
  bool ended = false;
  std::optional<RunProgress> progress;
  std::vector<Ticket> replaced;  // that waited, and whose place it takes
  std::vector<Ticket> stops;     // that run
  // Why it is to end: decided before it started, or said of the stop that it was given.
  std::optional<Outcome> fate;
};

class ActiveRuns {
 public:
  // The run stays where it is until it is removed. With id 0 it has no row yet.
  ActiveRun& add(Ticket ticket, Run row, std::shared_ptr<const ActiveJob> job);
  void set_id(Ticket ticket, RunId id);
  void remove(Ticket ticket);

  ActiveRun& at(Ticket ticket) { return runs_.at(ticket); }
  ActiveRun* find(Ticket ticket);
  std::optional<Ticket> ticket_of(RunId id) const;
  const ActiveRun* with_id(RunId id) const;

  // Those that have their row, by job; the names live as long as the runs.
  std::map<std::string_view, std::vector<RunId>> by_job() const;

  const std::map<Ticket, ActiveRun>& all() const { return runs_; }
  bool empty() const { return runs_.empty(); }

 private:
  std::map<Ticket, ActiveRun> runs_;
  std::map<RunId, Ticket> by_id_;
};

}  // namespace rota
