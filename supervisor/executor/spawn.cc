#include "supervisor/executor/spawn.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>

#include "supervisor/executor/posix_spawn.h"

namespace rota {
namespace {

[[noreturn]] void refuse(int error, const char* what) {
  throw std::system_error{error, std::generic_category(), what};
}

Pipe pipe_above_the_workers() {
  std::optional<Pipe> pipe = make_pipe();
  if (!pipe) refuse(errno, "cannot create a pipe");
  return {above_the_workers(std::move(pipe->read)), above_the_workers(std::move(pipe->write))};
}

// A new pipe has no other flag.
void do_not_block(const Descriptor& descriptor) { fcntl(descriptor.get(), F_SETFL, O_NONBLOCK); }

}  // namespace

Descriptor above_the_workers(Descriptor descriptor) {
  if (descriptor.get() >= kFirstFreeDescriptor) return descriptor;
  Descriptor moved{fcntl(descriptor.get(), F_DUPFD_CLOEXEC, kFirstFreeDescriptor)};
  if (moved.get() < 0) refuse(errno, "cannot duplicate a descriptor");
  return moved;
}

WorkerPipes make_worker_pipes() {
  WorkerPipes pipes{pipe_above_the_workers(), pipe_above_the_workers(), pipe_above_the_workers()};
  do_not_block(pipes.output.read);
  do_not_block(pipes.commands.write);
  do_not_block(pipes.messages.read);
  return pipes;
}

SpawnedWorker spawned_worker(int pid, WorkerPipes pipes) {
  SpawnedWorker worker;
  worker.pid = pid;
  // The process is not reaped before its pidfd says so, so that the id cannot be another's.
  worker.exit = Descriptor{static_cast<int>(syscall(SYS_pidfd_open, pid, 0))};
  if (worker.exit.get() < 0) {
    const int error = errno;
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    refuse(error, "pidfd_open");
  }
  worker.output = std::move(pipes.output.read);
  worker.commands = std::move(pipes.commands.write);
  worker.messages = std::move(pipes.messages.read);
  return worker;
}

SpawnedWorker spawn_worker(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& environment) {
  WorkerPipes pipes = make_worker_pipes();
  SpawnDescriptors descriptors;
  descriptors.open_as(0, "/dev/null");
  descriptors.put(pipes.output.write, 1);
  descriptors.put(pipes.output.write, 2);
  descriptors.put(pipes.commands.read, 3);
  descriptors.put(pipes.messages.write, 4);
  descriptors.close_from(kFirstFreeDescriptor);
  SpawnedWorker worker =
      spawned_worker(spawn_program(arguments, environment, descriptors, Apart::session), std::move(pipes));
  rusage own{};
  getrusage(RUSAGE_SELF, &own);
  worker.inherited_rss_kib = own.ru_maxrss;
  return worker;
}

}  // namespace rota
