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

namespace rota {

// What setrlimit(2) bounds of the process; unset: as inherited.
struct CommandLimits {
  std::optional<std::uint64_t> memory_bytes;     // RLIMIT_AS
  std::optional<std::chrono::seconds> cpu_time;  // RLIMIT_CPU
  std::optional<std::uint64_t> open_files;       // RLIMIT_NOFILE
  std::optional<std::uint64_t> processes;        // RLIMIT_NPROC, counted per user
  std::optional<std::uint64_t> file_size_bytes;  // RLIMIT_FSIZE
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
  std::vector<int> success_exit_codes = {0};
  std::string standard_input;
  bool operator==(const Command&) const = default;
};

}  // namespace rota
