#include "worker/fork_server.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "common/file/descriptor.h"
#include "common/file/pipe.h"
#include "common/protocol/fork_request.h"
#include "worker/parent_death.h"
#include "worker/process_title.h"

namespace rota {
namespace {

constexpr int kSupervisor = 3;

struct Asked {
  ForkRequest request;
  std::array<Descriptor, kForkDescriptors> descriptors;
};

// The room that this process was started with, for each of its forks to say what it is.
struct Title {
  VisibleText arguments;
  VisibleText run_id = visible_variable("ROTA_RUN_ID");
  VisibleText job = visible_variable("ROTA_JOB");
};

Title clear_title(char** argv) {
  char** last = argv + 1;
  while (last[1]) ++last;
  Title title{{argv[1], *last}};
  title.arguments.replace("--fork-server");
  title.run_id.replace("");
  title.job.replace("");
  return title;
}

void show(const ForkRequest& request, Title& title) {
  using std::string_literals::operator""s;
  const std::string module = request.module.empty() ? "" : "--module\0"s + request.module + '\0';
  title.arguments.replace("--supervised\0"s + module + request.job);
  title.run_id.replace(std::to_string(request.run_id));
  title.job.replace(request.job);
}

// Waits for a request. nullopt at the end of the socket, and for what no supervisor sends.
std::optional<Asked> next_request() {
  std::array<char, kMaximumForkRequestBytes> bytes{};
  iovec text{bytes.data(), bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kForkDescriptors)> control{};
  msghdr message{};
  message.msg_iov = &text;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t size = -1;
  while ((size = recvmsg(kSupervisor, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {
  }
  if (size <= 0) return std::nullopt;
  auto request = decode_fork_request({bytes.data(), static_cast<std::size_t>(size)});
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  std::array<int, kForkDescriptors> numbers{};
  if (!request || !header || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof numbers))
    return std::nullopt;
  std::memcpy(numbers.data(), CMSG_DATA(header), sizeof numbers);
  Asked asked{*std::move(request), {}};
  for (unsigned each = 0; each < kForkDescriptors; ++each)
    asked.descriptors[each] = Descriptor{numbers[each]};
  return asked;
}

// Descriptors 0 to 4 are open here, so that none of those that have come is one of them.
void become_worker(const Asked& asked, Title& title) {
  setsid();
  dup2(asked.descriptors[kForkOutput].get(), STDOUT_FILENO);
  dup2(asked.descriptors[kForkOutput].get(), STDERR_FILENO);
  dup2(asked.descriptors[kForkCommands].get(), 3);
  dup2(asked.descriptors[kForkMessages].get(), 4);
  show(asked.request, title);
}

void write_answer(const Descriptor& pipe, const ForkAnswer& answer) {
  if (write(pipe.get(), &answer, sizeof answer) < 0) std::_Exit(1);
}

// From the worker, or the process before it. Their end without a word is a failure.
ForkAnswer read_answer(const Descriptor& pipe) {
  ForkAnswer answer;
  ssize_t size = -1;
  while ((size = read(pipe.get(), &answer, sizeof answer)) < 0 && errno == EINTR) {
  }
  return size == sizeof answer ? answer : ForkAnswer{0, ECHILD};
}

void reap(int pid) {
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// Returns in the worker as well, without an answer. Its parent ends at once, so that the worker is
// given to the supervisor, which is to wait for it.
std::optional<ForkAnswer> fork_worker(const Asked& asked, Title& title) {
  std::optional<Pipe> pipe = make_pipe();
  if (!pipe) return ForkAnswer{0, errno};
  // vfork(2): that process needs no memory of its own to fork and to end, and copying the page tables twice
  // was a tenth of what the supervisor and its workers did for short runs. Linux allows what POSIX does not
  // define. NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork)
  const pid_t between = vfork();
  if (between < 0) return ForkAnswer{0, errno};
  if (between == 0) {
    const pid_t worker = fork();
    if (worker == 0) {
      become_worker(asked, title);
      // Only now: the supervisor may signal its process group at once.
      write_answer(pipe->write, {getpid(), 0});
      return std::nullopt;
    }
    if (worker < 0) write_answer(pipe->write, {0, errno});
    _exit(0);
  }
  pipe->write = Descriptor{};
  const ForkAnswer answer = read_answer(pipe->read);
  reap(between);
  return answer;
}

WorkerOptions options_of(const ForkRequest& request) {
  WorkerOptions options;
  options.mode = WorkerOptions::Mode::supervised;
  options.job_name = request.job;
  options.module = request.module;
  return options;
}

}  // namespace

WorkerOptions serve_forks(char** argv) {
  die_with_supervisor();
  if (!has_supervisor()) std::_Exit(1);
  Title title = clear_title(argv);
  for (;;) {
    const std::optional<Asked> asked = next_request();
    if (!asked) std::_Exit(0);
    const std::optional<ForkAnswer> answer = fork_worker(*asked, title);
    if (!answer) return options_of(asked->request);
    if (send(kSupervisor, &*answer, sizeof *answer, MSG_NOSIGNAL) < 0) std::_Exit(0);
  }
}

}  // namespace rota
