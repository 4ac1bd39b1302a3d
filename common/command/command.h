// A command job: which program a run becomes, and what the worker prepares before it
// does. Values only: the configuration fills them, the pipe protocol carries them
// and worker/command_run carries them out.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/command/confinement.h"

namespace rota {

// What bounds a run; unset: as inherited. Two of them are the cgroup's where a run has one with that
// controller, and hold for all its processes together; else setrlimit(2) bounds each process.
struct CommandLimits {
  std::optional<std::uint64_t> memory_bytes;     // memory.max, else RLIMIT_AS
  std::optional<std::chrono::seconds> cpu_time;  // RLIMIT_CPU
  std::optional<std::uint64_t> open_files;       // RLIMIT_NOFILE
  std::optional<std::uint64_t> processes;        // pids.max, else RLIMIT_NPROC, counted per user
  std::optional<std::uint64_t> file_size_bytes;  // RLIMIT_FSIZE
  std::optional<int> cpu_share_percent;  // of one CPU: cpu.max, else nothing; no business of the worker
  bool operator==(const CommandLimits&) const = default;
};

enum class IoClass { inherited, best_effort, idle };  // ioprio_set(2)

struct Command {
  std::vector<std::string> arguments;  // the first is the program, sought in PATH if it has no slash
  std::string directory = "/";
  std::map<std::string, std::string, std::less<>> environment;  // set to these values
  std::vector<std::string> pass_environment;  // names that are passed on from the supervisor's environment
  std::string user;                           // name or number; empty: the supervisor's
  std::string group;  // name or number; empty: the user's primary group with its supplementary groups
  std::optional<int> umask;
  std::optional<int> nice;  // -20 to 19
  IoClass io_class = IoClass::inherited;
  CommandLimits limits;
  Confinement confinement;
  std::vector<int> success_exit_codes = {0};
  std::string standard_input;
  bool operator==(const Command&) const = default;
};

}  // namespace rota
