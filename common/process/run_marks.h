// The marks by which a process is known to be a run's: variables that the supervisor puts into the
// environment of what it starts, and that children inherit wherever they go. Only what clears its environment
// has none. For the supervisor and the worker. Reads /proc; any thread.
#pragma once

#include <functional>
#include <string>

namespace rota {

struct RunMarks {
  std::string token;   // ROTA_RUN_TOKEN: whose run
  std::string run_id;  // ROTA_RUN_ID
};

// Both empty for a process that has none, has ended or may not be looked at. Throws as
// open_to_look does.
RunMarks run_marks_of(int pid);

// Kills every process but the caller whose marks `wanted` says, once. Returns how many there were; none that
// has ended is counted, so that repeating it comes to an end. Throws std::filesystem::filesystem_error
// without /proc.
int kill_marked(const std::function<bool(const RunMarks&)>& wanted);

}  // namespace rota
