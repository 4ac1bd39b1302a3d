#include "worker/list_jobs.h"

#include <algorithm>
#include <cstdio>

#include "common/time/duration.h"

namespace rota {

int list_jobs(const LoadedModules& loaded) {
  int name_width = 4;
  int schedule_width = 8;
  const auto schedule_of = [](const Job& job) {
    return job.schedule ? to_string(*job.schedule) : std::string{"-"};
  };
  for (const RegisteredJob& entry : loaded.jobs) {
    name_width = std::max(name_width, static_cast<int>(entry.job.name.size()));
    schedule_width = std::max(schedule_width, static_cast<int>(schedule_of(entry.job).size()));
  }
  const auto print = [&](const char* name, const char* schedule, const char* kind, const char* timeout,
                         const char* module) {
    std::printf("%-*s  %-*s  %-7s  %-12s  %s\n", name_width, name, schedule_width, schedule, kind, timeout,
                module);
  };
  print("NAME", "SCHEDULE", "KIND", "TIMEOUT", "MODULE");
  for (const auto& [job, module, place] : loaded.jobs)
    print(job.name.c_str(), schedule_of(job).c_str(), job.run_in_process ? "process" : "thread",
          format_duration(job.timeout).c_str(), module.c_str());
  for (const std::string& error : loaded.errors) std::fprintf(stderr, "rota-worker: %s\n", error.c_str());
  return loaded.errors.empty() ? 0 : 1;
}

}  // namespace rota
