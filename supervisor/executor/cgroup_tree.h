// The cgroups that the supervisor may make: the part of the hierarchy of version 2, cgroups(7), that
// systemd has delegated to its unit, systemd.resource-control(5). In it the supervisor lives in the leaf
// `supervisor`, and each run in a process has `run-ID`.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/file/descriptor.h"
#include "supervisor/executor/run_cgroup.h"
#include "supervisor/run/run.h"

namespace rota {

// One thread at a time; no two of them in a process.
class CgroupTree {
 public:
  // Seeks the cgroup of this process, which must be delegated, or the one that the environment names in
  // ROTA_CGROUP; kills what a supervisor before has left in it, moves this process into its leaf
  // and enables the controllers that are there. What cannot be is a shortcoming and nothing worse.
  CgroupTree();

  // Empty: runs have no cgroups.
  const std::filesystem::path& directory() const { return directory_; }

  // A sentence for everything that is missing, each with what follows from it.
  const std::vector<std::string>& shortcomings() const { return shortcomings_; }

  // Null if runs have no cgroups. Throws std::system_error.
  std::unique_ptr<RunCgroup> make(RunId run_id) const;

  // Whose cgroup a process, alive or not reaped yet, is in; nullopt if in none of a run.
  std::optional<RunId> run_of(int pid) const;

 private:
  void take_over();
  void kill_leftovers() const;
  void enable_controllers();

  std::filesystem::path directory_;
  std::string path_;  // of `directory_` in /proc/PID/cgroup
  Descriptor lock_;
  std::vector<std::string> shortcomings_;
};

}  // namespace rota
