#include "worker/command_run.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "worker/command_environment.h"
#include "worker/command_user.h"
#include "worker/confine.h"
#include "worker/parent_death.h"
#include "worker/process_limits.h"
#include "worker/run_end.h"
#include "worker/start_error.h"

namespace rota {
namespace {

// The texts for execvp(3), which does not write to them.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

std::string inherited(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread
  const char* value = std::getenv(name);
  return value ? value : "";
}

void check_arguments(const Command& command) {
  if (command.arguments.empty() || command.arguments.front().empty())
    throw StartError{"the command names no program"};
  for (const std::string& argument : command.arguments)
    if (argument.find('\0') != std::string::npos)
      throw StartError{"an argument of " + command.arguments.front() + " holds a zero byte"};
}

void check(int result, const char* what) {
  if (result < 0) throw system_refused(what, errno);
}

// A file in memory that nobody can change any more: unlike a pipe it needs no one to
// write while the command reads, and a command that does not read loses nothing.
void give_standard_input(const std::string& text) {
  if (text.empty()) return;  // /dev/null is there
  const int file = memfd_create("standard input", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  check(file, "cannot create the standard input");
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = write(file, text.data() + at, text.size() - at);
    check(static_cast<int>(written), "cannot write the standard input");
    at += static_cast<std::size_t>(written);
  }
  check(static_cast<int>(lseek(file, 0, SEEK_SET)), "cannot write the standard input");
  check(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL),
        "cannot seal the standard input");
  check(dup2(file, STDIN_FILENO), "cannot give the standard input");
  close(file);
}

// Without this, another user could write to the descriptors it has but not open them
// by name, as with > /dev/stderr. Where it fails, only that does not work.
void give_pipes(const CommandUser& user, int events_descriptor) {
  if (!user.changes) return;
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO, events_descriptor}) {
    struct stat status {};
    if (fstat(descriptor, &status) == 0 && S_ISFIFO(status.st_mode) &&
        fchown(descriptor, user.uid, user.gid) != 0)
      break;
  }
}

StartError cannot_execute(const std::string& program, int error) {
  const bool is_sought = program.find('/') == std::string::npos;
  if (error == ENOENT && is_sought)
    return StartError{"there is no program \"" + program + "\" in PATH (" + inherited("PATH") + ")"};
  const std::string what = "cannot run " + program + ": " + strerrordesc_np(error);
  if (error == ENOENT && access(program.c_str(), F_OK) == 0)
    return StartError{what + " (the interpreter in its first line, or its loader, is missing)"};
  if (error == ENOENT || error == ENOTDIR) return StartError{what};
  if (error == EAGAIN) return StartError{what + " (its user has more processes than limits.processes)"};
  return StartError{what, StartError::kNotExecutable};
}

// In this order, because
// - whatever is looked up, opened, written or allocated comes before the limits;
// - the guardian is started as the supervisor's user, whom the command cannot signal;
// - it is started outside of the command's namespaces, so that it sees all processes and files;
// - what needs root (namespaces, a better niceness, higher limits) comes before the change of user;
// - the change of user takes back the request to die with the supervisor;
// - the directory must be one that this user may enter.
void execute(const StartMessage& start, int from_supervisor, int events_descriptor) {
  Command command = *start.command;
  check_arguments(command);
  const CommandUser user = find_command_user(command.user, command.group);
  auto environment =
      environment_of(start, user, {inherited("LANG"), inherited("ROTA_RUN_TOKEN")}, events_descriptor);
  auto arguments = pointers(command.arguments);
  auto variables = pointers(environment);
  give_standard_input(command.standard_input);
  give_pipes(user, events_descriptor);
  start_guardian(from_supervisor);
  confine(command.confinement);
  if (command.umask) umask(static_cast<mode_t>(*command.umask));
  set_priorities(command);
  set_limits(command.limits);
  become(user);
  die_with_supervisor();
  if (!has_supervisor()) throw StartError{"the supervisor is gone"};
  if (chdir(command.directory.c_str()) != 0)
    throw system_refused("cannot enter the directory " + command.directory + " as user " + user.name, errno);
  check(fcntl(events_descriptor, F_SETFD, 0), "cannot keep the descriptor of the events");
  close_range(static_cast<unsigned>(events_descriptor) + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  give_up_new_privileges(command.confinement);
  char** const own = environ;
  environ = variables.data();  // execvp(3) seeks the program in the PATH of this one
  execvp(arguments.front(), arguments.data());
  const StartError refused = cannot_execute(command.arguments.front(), errno);
  environ = own;
  throw StartError{refused};
}

}  // namespace

StartFailure become_command(const StartMessage& start, int from_supervisor, int events_descriptor) {
  try {
    execute(start, from_supervisor, events_descriptor);
  } catch (const StartError& error) {
    return {error.what(), error.exit_status()};
  } catch (const std::exception& error) {
    return {std::string{"cannot prepare the command: "} + error.what()};
  }
  return {};
}

}  // namespace rota
