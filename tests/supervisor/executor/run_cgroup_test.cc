#include "supervisor/executor/run_cgroup.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <initializer_list>

#include "tests/new_path.h"
#include "tests/supervisor/executor/executor_under_test.h"

namespace rota {
namespace {

// What is written for the kernel, in a directory of plain files: a machine need not have the controllers.
struct PlainDirectory {
  PlainDirectory(std::initializer_list<const char*> files) {
    for (const char* file : files) std::ofstream{path / file};
  }
  PlainDirectory(const PlainDirectory&) = delete;
  PlainDirectory& operator=(const PlainDirectory&) = delete;
  ~PlainDirectory() { std::filesystem::remove_all(path); }
  std::string text(const char* file) const { return content(path / file); }

  std::filesystem::path path = new_path("rota-cgroup-test");
  RunCgroup cgroup{path};
};

const CommandLimits kLimits{.memory_bytes = 1U << 20,
                            .cpu_time = std::chrono::seconds{3},
                            .open_files = 64,
                            .processes = 5,
                            .file_size_bytes = 7,
                            .cpu_share_percent = 150};

TEST_CASE("a cgroup with all controllers leaves the worker what no controller does") {
  PlainDirectory directory{"memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cpu.max"};
  const CgroupLimits done = directory.cgroup.limit(kLimits);
  CHECK(directory.text("memory.max") == "1048576");
  CHECK(directory.text("memory.swap.max") == "0");
  CHECK(directory.text("memory.oom.group") == "1");
  CHECK(directory.text("pids.max") == "7");  // two are the worker's own
  CHECK(directory.text("cpu.max") == "150000 100000");
  CommandLimits left = kLimits;
  left.memory_bytes.reset();
  left.processes.reset();
  left.cpu_share_percent.reset();
  CHECK(done.left == left);
  CHECK(done.refused.empty());
}

TEST_CASE("a cgroup without controllers leaves the worker everything and complains of nothing") {
  PlainDirectory directory{};
  const CgroupLimits done = directory.cgroup.limit(kLimits);
  CHECK(done.left == kLimits);
  CHECK(done.refused.empty());
}

TEST_CASE("a limit that the system refuses is told and left to the worker") {
  PlainDirectory directory{};
  std::filesystem::create_directory(directory.path / "pids.max");
  const CgroupLimits done = directory.cgroup.limit(kLimits);
  CHECK(done.left == kLimits);
  REQUIRE(done.refused.size() == 1);
  CHECK(done.refused[0].starts_with("limits.processes: cannot write 7 to "));
}

TEST_CASE("processes that were killed for want of memory are counted") {
  PlainDirectory directory{};
  CHECK(directory.cgroup.out_of_memory_kills() == 0);
  std::ofstream{directory.path / "memory.events"} << "oom 1\noom_kill 3\n";
  CHECK(directory.cgroup.out_of_memory_kills() == 3);
}

}  // namespace
}  // namespace rota
