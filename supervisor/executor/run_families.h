// Finds and kills what a worker has left behind: its process group, what left the
// group but not the session, and what left both. The supervisor is the subreaper
// of all of them (prctl(2)), so each becomes its child once its parents are dead.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "supervisor/executor/cgroup_tree.h"
#include "supervisor/run/run.h"

namespace rota {

class RunFamilies {
 public:
  // Makes this process the subreaper of its descendants. `cgroups` outlives it. `token` is the mark
  // in the environment of a run's processes; empty for one drawn at random.
  RunFamilies(const CgroupTree& cgroups, std::string token);

  std::string token() const { return token_; }

  // Before the first run: kills what bears this token already, because a supervisor that had the same was
  // killed between the end of a worker and that of what it had left. Waits until it is dead, for at most
  // 5 s, and returns how many there were.
  int end_remains() const;

  void add(int worker_pid, RunId run_id) { workers_.emplace(worker_pid, run_id); }

  // To be called when the worker has ended, reaped or not: kills what is left of its
  // run and reaps what is dead. True once nothing is left; else to be called again
  // in a moment, because the dying takes one, and there may be no descriptor to look with. Then the worker
  // is forgotten.
  bool end(int worker_pid);

 private:
  bool kill_leftovers(int worker_pid) const;
  std::set<int> stop_leftovers(int worker_pid) const;
  std::vector<int> leftover_children(int worker_pid) const;
  bool belongs_to(int pid, int session, int worker_pid) const;

  const CgroupTree& cgroups_;
  std::string token_;
  std::map<int, RunId> workers_;
};

}  // namespace rota
