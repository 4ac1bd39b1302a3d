// The cgroup of one run in a process: what is started in it cannot leave, whatever it does to its
// session, its parents and its environment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/command/command.h"

namespace rota {

// What a cgroup does of a run's limits.
struct CgroupLimits {
  CommandLimits left;                // what it does not, for setrlimit(2) in the worker
  std::vector<std::string> refused;  // a sentence for each that the system did not take
};

// One thread at a time.
class RunCgroup {
 public:
  // Creates the directory. One that a run with the same number has left behind is emptied first.
  // Throws std::system_error.
  explicit RunCgroup(std::filesystem::path directory);
  RunCgroup(const RunCgroup&) = delete;
  RunCgroup& operator=(const RunCgroup&) = delete;
  // Kills what is in it, and removes it if nothing is left.
  ~RunCgroup();

  // Takes the limits that one of its controllers is there for.
  CgroupLimits limit(const CommandLimits& limits);

  // Moves a process into it, with all that it will start. Throws std::system_error.
  void take(int pid);

  // Kills everything in it and returns at once.
  void kill();
  bool is_empty() const;

  // How many of its processes were killed because there was no memory left, under its own limit or
  // another. Zero without the controller.
  std::uint64_t out_of_memory_kills() const;

 private:
  std::filesystem::path directory_;
};

}  // namespace rota
