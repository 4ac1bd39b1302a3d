#include "supervisor/executor/cgroup_tree.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "supervisor/executor/cgroup_directory.h"
#include "supervisor/executor/cgroup_files.h"

namespace rota {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLeaf = "supervisor";
constexpr std::chrono::milliseconds kForLeftovers{5000};

struct Controller {
  const char* name;
  const char* without;  // what follows if it is missing
};

constexpr std::array kControllers{
    Controller{"memory", "limits.memory is set by setrlimit(2), for each process alone"},
    Controller{"pids", "limits.processes is set by setrlimit(2), counted per user"},
    Controller{"cpu", "limits.cpu_share is not enforced"},
};

[[noreturn]] void refuse(const std::string& what, int error) {
  throw std::runtime_error{what + ": " + strerrordesc_np(error)};
}

// The marks of a unit with Delegate=yes. Only root sees that of `trusted`.
bool is_delegated(const fs::path& directory) {
  for (const char* name : {"user.delegate", "trusted.delegate"}) {
    std::array<char, 8> value{};
    if (getxattr(directory.c_str(), name, value.data(), value.size()) == 1 && value[0] == '1') return true;
  }
  return false;
}

fs::path delegated_directory() {
  const auto path = cgroup_path(read_cgroup_file("/proc/self/cgroup"));
  if (!path) throw std::runtime_error{"this process is in no cgroup of version 2"};
  const auto directory = mounted_cgroup(read_cgroup_file("/proc/self/mountinfo"), *path);
  if (!directory) throw std::runtime_error{"no cgroup2 file system is mounted that shows " + *path};
  if (is_delegated(*directory)) return *directory;
  // With DelegateSubgroup=supervisor it is in the leaf already.
  if (directory->filename() == kLeaf && is_delegated(directory->parent_path()))
    return directory->parent_path();
  throw std::runtime_error{"systemd has not delegated " + directory->string() +
                           " (Delegate=yes in the unit)"};
}

fs::path find_directory() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in the supervisor sets the environment
  const char* named = std::getenv("ROTA_CGROUP");
  if (!named || *named == '\0') return delegated_directory();
  struct statfs status {};
  if (statfs(named, &status) != 0 || status.f_type != CGROUP2_SUPER_MAGIC)
    throw std::runtime_error{std::string{"ROTA_CGROUP names "} + named + ", which is no cgroup of version 2"};
  return named;
}

// Two supervisors in one cgroup would kill each other's runs as leftovers.
Descriptor lock(const fs::path& directory) {
  Descriptor descriptor{open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!descriptor.is_open()) refuse("cannot open " + directory.string(), errno);
  if (flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) refuse("cannot lock " + directory.string(), errno);
    throw std::runtime_error{"another supervisor uses " + directory.string()};
  }
  return descriptor;
}

}  // namespace

CgroupTree::CgroupTree() {
  try {
    directory_ = find_directory();
    take_over();
    enable_controllers();
  } catch (const std::exception& error) {
    directory_.clear();
    lock_ = {};
    shortcomings_ = {std::string{"runs have no cgroup of their own: "} + error.what() +
                     "; what a run leaves behind is sought by its session and its mark"};
    for (const Controller& each : kControllers) shortcomings_.back() += std::string{"; "} + each.without;
  }
}

void CgroupTree::take_over() {
  lock_ = lock(directory_);
  kill_leftovers();
  const fs::path leaf = directory_ / kLeaf;
  if (mkdir(leaf.c_str(), 0755) != 0 && errno != EEXIST) refuse("cannot create " + leaf.string(), errno);
  // A cgroup whose controllers are enabled for those below it may have no process of its own.
  if (const int error = write_cgroup_file(leaf / "cgroup.procs", std::to_string(getpid())))
    refuse("cannot move into " + leaf.string(), error);
  const fs::path path = cgroup_path(read_cgroup_file("/proc/self/cgroup")).value_or("");
  path_ = path.parent_path();
}

// Runs of a supervisor that was killed, and what its jobs on threads have started.
void CgroupTree::kill_leftovers() const {
  kill_cgroup(directory_ / kLeaf, getpid());
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator{directory_})
    if (entry.is_directory() && run_of_cgroup("/" + entry.path().filename().string(), "/"))
      left.push_back(entry.path());
  for (const fs::path& each : left) kill_cgroup(each);
  for (const fs::path& each : left)
    if (empty_cgroup(each, kForLeftovers)) remove_cgroup(each);
}

void CgroupTree::enable_controllers() {
  const std::string present = read_cgroup_file(directory_ / "cgroup.controllers");
  for (const Controller& each : kControllers) {
    std::string trouble;
    if (!lists(present, each.name)) {
      trouble = "is not there (it may be bound to version 1)";
    } else if (const int error =
                   write_cgroup_file(directory_ / "cgroup.subtree_control", std::string{"+"} + each.name)) {
      trouble = std::string{"cannot be enabled: "} + strerrordesc_np(error);
      if (error == EBUSY) trouble += " (other processes are in it)";
    }
    if (!trouble.empty())
      shortcomings_.push_back("the controller " + std::string{each.name} + " of the cgroup " +
                              directory_.string() + " " + trouble + ": " + each.without);
  }
}

std::unique_ptr<RunCgroup> CgroupTree::make(RunId run_id) const {
  if (directory_.empty()) return nullptr;
  return std::make_unique<RunCgroup>(directory_ / run_cgroup_name(run_id));
}

std::optional<RunId> CgroupTree::run_of(int pid) const {
  if (directory_.empty()) return std::nullopt;
  const auto path = cgroup_path(read_cgroup_file("/proc/" + std::to_string(pid) + "/cgroup"));
  return path ? run_of_cgroup(*path, path_) : std::nullopt;
}

}  // namespace rota
