// Single steps with the directory of a cgroup of version 2, cgroups(7). For the tree of cgroups and
// the cgroup of a run.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace rota {

// Empty if the file cannot be read.
std::string read_cgroup_file(const std::filesystem::path& file);

// Zero, or the errno value of what failed. ENOENT: the controller of that file is not enabled.
int write_cgroup_file(const std::filesystem::path& file, const std::string& text);

// SIGKILL to everything in the cgroup and below it, but never to this process: in one step by
// cgroup.kill (Linux 5.14), else, and where `spare` is in it, process by process.
void kill_cgroup(const std::filesystem::path& directory, pid_t spare = 0);

// Whether a process in it or below it lives; what is dead and not reaped does not count.
bool is_populated(const std::filesystem::path& directory);

// Kills until nothing in it lives; false if the limit is over before.
bool empty_cgroup(const std::filesystem::path& directory, std::chrono::milliseconds limit);

// Removes it and what a run has made below it. False if something in it lives.
bool remove_cgroup(const std::filesystem::path& directory);

}  // namespace rota
