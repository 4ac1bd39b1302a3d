#include "common/process/run_marks.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "common/process/shortage.h"

namespace rota {

RunMarks run_marks_of(int pid) {
  constexpr std::string_view kToken = "ROTA_RUN_TOKEN=";
  constexpr std::string_view kRun = "ROTA_RUN_ID=";
  std::ifstream file = open_to_look("/proc/" + std::to_string(pid) + "/environ");
  RunMarks marks;
  for (std::string entry; std::getline(file, entry, '\0');) {
    if (entry.starts_with(kToken)) marks.token = entry.substr(kToken.size());
    if (entry.starts_with(kRun)) marks.run_id = entry.substr(kRun.size());
  }
  return marks;
}

int kill_marked(const std::function<bool(const RunMarks&)>& wanted) {
  int killed = 0;
  for (const auto& process : std::filesystem::directory_iterator{"/proc"}) {
    const int pid = std::atoi(process.path().filename().c_str());
    if (pid <= 0 || pid == getpid() || !wanted(run_marks_of(pid))) continue;
    ++killed;
    kill(pid, SIGKILL);
  }
  return killed;
}

}  // namespace rota
