#include "worker/process_limits.h"

#include <linux/ioprio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "worker/start_error.h"

namespace rota {
namespace {

std::string limit_text(rlim_t value) { return value == RLIM_INFINITY ? "none" : std::to_string(value); }

void set_limit(__rlimit_resource resource, const char* name, rlim_t soft, rlim_t hard) {
  const rlimit wanted{soft, hard};
  if (setrlimit(resource, &wanted) == 0) return;
  const int error = errno;
  rlimit present{};
  getrlimit(resource, &present);
  throw system_refused("cannot set limits." + std::string{name} + " to " + std::to_string(soft) +
                           " (the supervisor's hard limit is " + limit_text(present.rlim_max) + ")",
                       error);
}

void set_limit(__rlimit_resource resource, const char* name, const std::optional<std::uint64_t>& value) {
  if (value) set_limit(resource, name, *value, *value);
}

// At the soft limit comes SIGXCPU, by which the run's record tells what happened; at the
// hard one, a second later, SIGKILL for a command that catches it.
void set_cpu_time(const std::optional<std::chrono::seconds>& time) {
  if (!time) return;
  const auto soft = static_cast<rlim_t>(time->count());
  rlimit present{};
  getrlimit(RLIMIT_CPU, &present);
  const rlim_t hard = std::max(soft, std::min(soft + 1, present.rlim_max));
  set_limit(RLIMIT_CPU, "cpu", soft, hard);
}

}  // namespace

void set_priorities(const Command& command) {
  if (command.nice && setpriority(PRIO_PROCESS, 0, *command.nice) != 0)
    throw system_refused("cannot set nice to " + std::to_string(*command.nice), errno);
  if (command.io_class == IoClass::inherited) return;
  const int priority = command.io_class == IoClass::idle ? IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0)
                                                         : IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, IOPRIO_BE_NORM);
  if (syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, priority) != 0)
    throw system_refused("cannot set io_class", errno);
}

void set_limits(const CommandLimits& limits) {
  set_limit(RLIMIT_CORE, "core", 0, 0);
  set_cpu_time(limits.cpu_time);
  set_limit(RLIMIT_NOFILE, "open_files", limits.open_files);
  set_limit(RLIMIT_NPROC, "processes", limits.processes);
  set_limit(RLIMIT_FSIZE, "file_size", limits.file_size_bytes);
  set_limit(RLIMIT_AS, "memory", limits.memory_bytes);
}

}  // namespace rota
