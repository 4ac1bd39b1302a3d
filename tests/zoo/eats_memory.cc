// Takes memory until the kernel kills it: in the cgroup that the file memory_cgroup names, which holds
// little, or in that of its run.
#include <cstring>
#include <fstream>

#include "tests/zoo/animal.h"

int main() {
  zoo::hello();
  std::string cgroup;
  if (std::ifstream{zoo::home("memory_cgroup")} >> cgroup)
    std::ofstream{cgroup + "/cgroup.procs"} << getpid() << std::flush;
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  for (int i = 0; i < 256; ++i) std::memset(std::malloc(kPiece), i, kPiece);
  return 0;
}
