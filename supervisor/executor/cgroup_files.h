// What the files of cgroups(7), version 2, say. Pure: text in, values out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "supervisor/run/run.h"

namespace rota {

// The path of a process in the hierarchy of version 2, from /proc/PID/cgroup; nullopt if it is in none.
std::optional<std::string> cgroup_path(std::string_view proc_cgroup);

// Where that path is mounted, from /proc/self/mountinfo: of the hybrid layout too, which has version 2
// beside version 1. nullopt if it is not mounted, or not that part of it.
std::optional<std::filesystem::path> mounted_cgroup(std::string_view mountinfo, const std::string& path);

// The number behind a key of a file such as cgroup.events or memory.events; nullopt if it is not there.
std::optional<std::uint64_t> keyed_number(std::string_view text, std::string_view key);

// Whether a list such as cgroup.controllers holds the word.
bool lists(std::string_view text, std::string_view word);

// "run-17", the name of the cgroup of a run, and back from the path of a process in or below it, if
// that is below `base`.
std::string run_cgroup_name(RunId run_id);
std::optional<RunId> run_of_cgroup(std::string_view path, std::string_view base);

}  // namespace rota
