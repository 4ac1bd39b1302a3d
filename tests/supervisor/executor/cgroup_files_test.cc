#include "supervisor/executor/cgroup_files.h"

#include <doctest/doctest.h>

namespace rota {
namespace {

const std::string kUnified =
    "23 1 0:21 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
    "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";

const std::string kHybrid =
    "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"
    "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
    "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:7 master:3 - cgroup2 cgroup2 rw\n";

TEST_CASE("the path of a process is that of version 2 among those of version 1") {
  CHECK(cgroup_path("0::/system.slice/rotad.service\n") == "/system.slice/rotad.service");
  CHECK(cgroup_path("4:memory:/a\n1:name=systemd:/b\n0::/c d\n") == "/c d");
  CHECK_FALSE(cgroup_path("4:memory:/a\n"));
  CHECK_FALSE(cgroup_path("0::/../outside\n"));
  CHECK_FALSE(cgroup_path(""));
}

TEST_CASE("a cgroup is found in the unified and in the hybrid layout") {
  CHECK(mounted_cgroup(kUnified, "/system.slice/rotad.service") ==
        "/sys/fs/cgroup/system.slice/rotad.service");
  CHECK(mounted_cgroup(kHybrid, "/system.slice") == "/sys/fs/cgroup/unified/system.slice");
  CHECK(mounted_cgroup(kHybrid, "/") == "/sys/fs/cgroup/unified");
  CHECK_FALSE(mounted_cgroup("35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n", "/a"));
  CHECK_FALSE(mounted_cgroup("31 23 0:28 / /sys", "/a"));
  CHECK_FALSE(mounted_cgroup("", "/a"));
}

TEST_CASE("a mount that shows a part of the hierarchy shows the cgroups of that part only") {
  const std::string part = "41 31 0:38 /box /mnt/of\\040box rw - cgroup2 none rw\n";
  CHECK(mounted_cgroup(part, "/box/one") == "/mnt/of box/one");
  CHECK(mounted_cgroup(part, "/box") == "/mnt/of box");
  CHECK_FALSE(mounted_cgroup(part, "/boxes"));
  CHECK_FALSE(mounted_cgroup(part, "/"));
}

TEST_CASE("a number is found by its whole key") {
  const std::string events = "low 0\nhigh 3\nmax 12\noom 2\noom_kill 1\noom_group_kill 5\n";
  CHECK(keyed_number(events, "oom") == 2);
  CHECK(keyed_number(events, "oom_kill") == 1);
  CHECK(keyed_number("populated 1\nfrozen 0\n", "populated") == 1);
  CHECK_FALSE(keyed_number(events, "oom_"));
  CHECK_FALSE(keyed_number("populated\n", "populated"));
  CHECK_FALSE(keyed_number("populated x\n", "populated"));
  CHECK_FALSE(keyed_number("", "populated"));
}

TEST_CASE("a controller is listed by its whole name") {
  CHECK(lists("cpuset cpu io memory pids\n", "cpu"));
  CHECK_FALSE(lists("cpuset io\n", "cpu"));
  CHECK_FALSE(lists("\n", "cpu"));
}

TEST_CASE("a process tells its run by its cgroup also when that is gone or has others below") {
  const std::string base = "/system.slice/rotad.service";
  CHECK(run_cgroup_name(17) == "run-17");
  CHECK(run_of_cgroup(base + "/run-17", base) == 17);
  CHECK(run_of_cgroup(base + "/run-17/own", base) == 17);
  CHECK(run_of_cgroup(base + "/run-17 (deleted)", base) == 17);
  CHECK(run_of_cgroup("/run-17", "/") == 17);
  CHECK_FALSE(run_of_cgroup(base + "/supervisor", base));
  CHECK_FALSE(run_of_cgroup(base + "/run-", base));
  CHECK_FALSE(run_of_cgroup(base + "x/run-17", base));
  CHECK_FALSE(run_of_cgroup("/system.slice/run-17", base));
  CHECK_FALSE(run_of_cgroup(base, base));
}

}  // namespace
}  // namespace rota
