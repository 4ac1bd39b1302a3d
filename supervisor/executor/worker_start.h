// What a worker is started with: its arguments, its environment and the first line on its
// descriptor 3.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "supervisor/executor/executor.h"

namespace rota {

std::vector<std::string> worker_arguments(const RunRequest& request, const std::filesystem::path& worker);

// Little of the supervisor's environment is a worker's business. `token` marks the processes
// of this supervisor's runs, RunFamilies.
std::vector<std::string> worker_environment(const RunRequest& request, const std::string& token);

// Of the fork server: what is the same for all workers, and room for the rest.
std::vector<std::string> fork_server_arguments(const std::filesystem::path& worker);
std::vector<std::string> fork_server_environment(const std::string& token);

// The start message, with `limits` for the worker to set, in place of the job's own, and with the values of a
// command's pass_environment resolved from this process's environment. Throws std::runtime_error if it is
// longer than a line may be, or if one of those values is not UTF-8, which a line cannot carry.
std::string start_line(const RunRequest& request, const CommandLimits& limits);

}  // namespace rota
