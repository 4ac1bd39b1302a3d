#include "supervisor/executor/spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace rota {
namespace {

// Descriptors 0 to 4 are the worker's: one of ours among them would be overwritten
// before it is passed on.
constexpr int kFirstFree = 5;

void check(int error, const std::string& what) {
  if (error != 0) throw std::system_error{error, std::generic_category(), what};
}

Descriptor above_the_workers(Descriptor descriptor) {
  if (descriptor.get() >= kFirstFree) return descriptor;
  Descriptor moved{fcntl(descriptor.get(), F_DUPFD_CLOEXEC, kFirstFree)};
  if (moved.get() < 0) check(errno, "cannot duplicate a descriptor");
  return moved;
}

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) check(errno, "cannot create a pipe");
  return {above_the_workers(Descriptor{ends[0]}), above_the_workers(Descriptor{ends[1]})};
}

// A new pipe has no other flag.
void do_not_block(const Descriptor& descriptor) { fcntl(descriptor.get(), F_SETFL, O_NONBLOCK); }

class FileActions {
 public:
  FileActions() { check(posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init"); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }

  void open_as(int number, const char* file) {
    check(posix_spawn_file_actions_addopen(&actions_, number, file, O_RDWR, 0),
          "posix_spawn_file_actions_addopen");
  }
  void put(const Descriptor& descriptor, int number) {
    check(posix_spawn_file_actions_adddup2(&actions_, descriptor.get(), number),
          "posix_spawn_file_actions_adddup2");
  }
  void close_from(int number) {
    check(posix_spawn_file_actions_addclosefrom_np(&actions_, number),
          "posix_spawn_file_actions_addclosefrom_np");
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class Attributes {
 public:
  Attributes() {
    check(posix_spawnattr_init(&attributes_), "posix_spawnattr_init");
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    check(posix_spawnattr_setflags(&attributes_,
                                   POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK),
          "posix_spawnattr_setflags");
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): posix_spawn(3) does not write to them
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

}  // namespace

SpawnedWorker spawn_worker(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& environment) {
  Pipe output = make_pipe();
  Pipe messages = make_pipe();
  Pipe commands = make_pipe();
  FileActions actions;
  actions.open_as(0, "/dev/null");
  actions.put(output.write, 1);
  actions.put(output.write, 2);
  actions.put(commands.read, 3);
  actions.put(messages.write, 4);
  actions.close_from(kFirstFree);
  const Attributes attributes;
  SpawnedWorker worker;
  check(posix_spawn(&worker.pid, arguments.front().c_str(), actions.get(), attributes.get(),
                    pointers(arguments).data(), pointers(environment).data()),
        "cannot start " + arguments.front());
  rusage own{};
  getrusage(RUSAGE_SELF, &own);
  worker.inherited_rss_kib = own.ru_maxrss;
  // The process is not reaped before its pidfd says so, so that the id cannot be another's.
  worker.exit = Descriptor{static_cast<int>(syscall(SYS_pidfd_open, worker.pid, 0))};
  if (worker.exit.get() < 0) {
    const int error = errno;
    kill(worker.pid, SIGKILL);
    waitpid(worker.pid, nullptr, 0);
    check(error, "pidfd_open");
  }
  worker.output = std::move(output.read);
  worker.messages = std::move(messages.read);
  worker.commands = std::move(commands.write);
  do_not_block(worker.output);
  do_not_block(worker.messages);
  do_not_block(worker.commands);
  return worker;
}

}  // namespace rota
