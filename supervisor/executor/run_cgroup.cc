#include "supervisor/executor/run_cgroup.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "supervisor/executor/cgroup_directory.h"
#include "supervisor/executor/cgroup_files.h"

namespace rota {
namespace {

// Beside the command: its guardian, and until the command begins the process that starts the guardian;
// or beside the job of a module the thread that waits for its stop.
constexpr std::uint64_t kProcessesOfTheWorker = 2;
constexpr std::chrono::milliseconds kForLeftovers{2000};

void check(int error, const std::string& what) {
  if (error != 0) throw std::system_error{error, std::generic_category(), what};
}

// For each 100 ms, in microseconds: with the period that the kernel takes by default, a percent is 1 ms,
// the least that it allows.
std::string cpu_max(int percent) { return std::to_string(percent * 1000) + " 100000"; }

}  // namespace

RunCgroup::RunCgroup(std::filesystem::path directory) : directory_{std::move(directory)} {
  if (mkdir(directory_.c_str(), 0755) == 0) return;
  if (errno != EEXIST) check(errno, "cannot create the cgroup " + directory_.string());
  if (!empty_cgroup(directory_, kForLeftovers) || !remove_cgroup(directory_) ||
      mkdir(directory_.c_str(), 0755) != 0)
    check(EBUSY, "cannot create the cgroup " + directory_.string());
}

RunCgroup::~RunCgroup() {
  if (!is_empty()) kill();
  remove_cgroup(directory_);
}

CgroupLimits RunCgroup::limit(const CommandLimits& limits) {
  CgroupLimits done{limits, {}};
  const auto set = [&](const char* key, const char* file, const std::string& text) {
    const int error = write_cgroup_file(directory_ / file, text);
    if (error != 0 && error != ENOENT)
      done.refused.push_back("limits." + std::string{key} + ": cannot write " + text + " to " +
                             (directory_ / file).string() + ": " + strerrordesc_np(error));
    return error == 0;
  };
  // A run of which a part was killed has no result that means anything.
  write_cgroup_file(directory_ / "memory.oom.group", "1");
  if (limits.memory_bytes && set("memory", "memory.max", std::to_string(*limits.memory_bytes))) {
    // Else the limit would hold once the swap space is full, for everybody.
    write_cgroup_file(directory_ / "memory.swap.max", "0");
    done.left.memory_bytes.reset();
  }
  if (limits.processes &&
      set("processes", "pids.max", std::to_string(*limits.processes + kProcessesOfTheWorker)))
    done.left.processes.reset();
  if (limits.cpu_share_percent && set("cpu_share", "cpu.max", cpu_max(*limits.cpu_share_percent)))
    done.left.cpu_share_percent.reset();
  return done;
}

void RunCgroup::take(int pid) {
  check(write_cgroup_file(directory_ / "cgroup.procs", std::to_string(pid)),
        "cannot move the worker into the cgroup " + directory_.string());
}

void RunCgroup::kill() { kill_cgroup(directory_); }

bool RunCgroup::is_empty() const { return !is_populated(directory_); }

std::uint64_t RunCgroup::out_of_memory_kills() const {
  return keyed_number(read_cgroup_file(directory_ / "memory.events"), "oom_kill").value_or(0);
}

}  // namespace rota
