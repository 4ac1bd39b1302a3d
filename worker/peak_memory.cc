#include "worker/peak_memory.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

namespace rota {

std::int64_t peak_memory_kib() {
  constexpr std::string_view kPeak = "VmHWM:";  // proc_pid_status(5)
  rusage children{};
  getrusage(RUSAGE_CHILDREN, &children);
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(kPeak))
      return std::max<std::int64_t>(std::strtoll(line.c_str() + kPeak.size(), nullptr, 10),
                                    children.ru_maxrss);
  return 0;
}

}  // namespace rota
