#include "supervisor/executor/fork_server.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <utility>

#include "supervisor/executor/posix_spawn.h"

namespace rota {
namespace {

constexpr timeval kLongestWait{.tv_sec = 2, .tv_usec = 0};

[[noreturn]] void refuse(int error, const char* what) {
  throw std::system_error{error, std::generic_category(), what};
}

[[noreturn]] void no_answer(const char* what, int error) {
  throw NoForkServer{std::string{"the fork server "} + what + ": " + strerrordesc_np(error)};
}

bool send_request(int socket, const std::string& request, const WorkerPipes& pipes) {
  std::array<int, kForkDescriptors> numbers{};
  numbers[kForkOutput] = pipes.output.write.get();
  numbers[kForkCommands] = pipes.commands.read.get();
  numbers[kForkMessages] = pipes.messages.write.get();
  std::string bytes = request;
  iovec text{bytes.data(), bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof numbers)> control{};
  msghdr message{};
  message.msg_iov = &text;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof numbers);
  std::memcpy(CMSG_DATA(header), numbers.data(), sizeof numbers);
  ssize_t sent = -1;
  while ((sent = sendmsg(socket, &message, MSG_NOSIGNAL)) < 0 && errno == EINTR) {
  }
  return sent >= 0;
}

}  // namespace

ForkServer::ForkServer(const std::vector<std::string>& arguments,
                       const std::vector<std::string>& environment) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    refuse(errno, "cannot create a socket");
  Descriptor ours{ends[0]};
  const Descriptor theirs = above_the_workers(Descriptor{ends[1]});
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO})
    if (setsockopt(ours.get(), SOL_SOCKET, option, &kLongestWait, sizeof kLongestWait) != 0)
      refuse(errno, "setsockopt");
  SpawnDescriptors descriptors;
  descriptors.open_as(0, "/dev/null");
  descriptors.put(theirs, 3);
  // So that no descriptor that comes with a request gets a number that is the worker's.
  descriptors.open_as(4, "/dev/null");
  descriptors.close_from(kFirstFreeDescriptor);
  pid_ = spawn_program(arguments, environment, descriptors, Apart::group);
  socket_ = std::move(ours);
}

ForkServer::~ForkServer() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

ForkAnswer ForkServer::ask(const std::string& encoded_request, const WorkerPipes& pipes) {
  if (!send_request(socket_.get(), encoded_request, pipes)) no_answer("takes no request", errno);
  ForkAnswer answer;
  ssize_t size = -1;
  while ((size = recv(socket_.get(), &answer, sizeof answer, 0)) < 0 && errno == EINTR) {
  }
  if (size < 0) no_answer("does not answer", errno);
  if (size != sizeof answer) no_answer("has ended", EPIPE);
  return answer;
}

SpawnedWorker ForkServer::fork_worker(const std::string& encoded_request) {
  WorkerPipes pipes = make_worker_pipes();
  const ForkAnswer answer = ask(encoded_request, pipes);
  if (answer.error != 0) refuse(answer.error, "cannot fork a worker");
  return spawned_worker(answer.pid, std::move(pipes));
}

}  // namespace rota
