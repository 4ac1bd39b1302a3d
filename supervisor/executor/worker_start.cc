#include "supervisor/executor/worker_start.h"

#include <unistd.h>

#include <cstdlib>
#include <limits>
#include <stdexcept>

#include "common/protocol/message.h"
#include "common/protocol/utf8.h"
#include "common/text/job_name.h"
#include "supervisor/executor/head_start.h"

namespace rota {
namespace {

constexpr std::size_t kRoomForRunId = std::numeric_limits<RunId>::digits10 + 1;
// Paths of modules are rarely longer; what is cut off is missing in ps(1) and nowhere else.
constexpr std::size_t kRoomForArguments = 512;

const char* own_variable(const std::string& name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in the supervisor sets the environment
  return std::getenv(name.c_str());
}

std::vector<std::string> environment_with(const std::string& run_id, const std::string& token,
                                          const std::string& job) {
  std::vector<std::string> environment;
  for (const char* name : {"PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TZDIR"})
    if (const char* value = own_variable(name)) environment.push_back(std::string{name} + "=" + value);
  environment.push_back("ROTA_SUPERVISOR_PID=" + std::to_string(getpid()));
  environment.push_back("ROTA_RUN_ID=" + run_id);
  environment.push_back("ROTA_RUN_TOKEN=" + token);
  environment.push_back("ROTA_JOB=" + job);
  return environment;
}

// What `environment` sets stays; a variable that the supervisor does not have is left out.
Command resolved(Command command) {
  for (const std::string& name : command.pass_environment) {
    const char* value = own_variable(name);
    if (!value) continue;
    if (to_valid_utf8(value) != value)
      throw std::runtime_error{
          "the environment variable " + name +
          " is not UTF-8, so that it cannot be passed on; remove it from pass_environment"};
    command.environment.emplace(name, value);
  }
  command.pass_environment.clear();
  return command;
}

}  // namespace

std::vector<std::string> worker_arguments(const RunRequest& request, const std::filesystem::path& worker) {
  if (request.command) return {worker.string(), "--supervised", request.job_name};
  return {worker.string(), "--supervised", "--module", request.module.string(), request.job_name};
}

std::vector<std::string> worker_environment(const RunRequest& request, const std::string& token) {
  return environment_with(std::to_string(request.run_id), token, request.job_name);
}

std::vector<std::string> fork_server_arguments(const std::filesystem::path& worker) {
  return {worker.string(), "--fork-server", std::string(kRoomForArguments, ' ')};
}

std::vector<std::string> fork_server_environment(const std::string& token) {
  return environment_with(std::string(kRoomForRunId, ' '), token, std::string(kLongestName, ' '));
}

std::string start_line(const RunRequest& request, const CommandLimits& limits) {
  StartMessage start;
  start.run_id = request.run_id;
  start.job = request.job_name;
  start.attempt = request.attempt;
  start.trigger = to_string(request.trigger);
  start.scheduled_for = request.scheduled_for;
  start.deadline = deadline_of(request);
  start.parameters = request.parameters;
  start.last_entry = request.last_entry;
  if (request.command) start.command = resolved(*request.command);
  (start.command ? start.command->limits : start.limits) = limits;
  auto line = encode(start);
  if (!line)
    throw std::runtime_error{std::string{"the parameters, "} + (request.command ? "the command " : "") +
                             "and the last entry are longer than a line of the pipe protocol (64 KiB)"};
  return *std::move(line);
}

}  // namespace rota
