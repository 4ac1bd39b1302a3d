#include "supervisor/executor/process_run.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "common/time/duration.h"
#include "supervisor/executor/head_start.h"
#include "supervisor/executor/worker_start.h"
#include "supervisor/run/clock.h"

namespace rota {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds kBetweenHunts{2};
// For the case that a process which could not be found still holds a pipe.
constexpr milliseconds kLongestDrain{1000};

// A pidfd is readable once its process has ended, pidfd_open(2).
bool has_ended(int pidfd) {
  pollfd asked{.fd = pidfd, .events = POLLIN, .revents = 0};
  return poll(&asked, 1, 0) == 1;
}

}  // namespace

ProcessRun::ProcessRun(asio::io_context& loop, const CgroupTree& cgroups, RunFamilies& families)
    : cgroups_{cgroups},
      families_{families},
      exit_{loop},
      output_{loop},
      messages_{loop},
      commands_{loop},
      timer_{loop} {}

void ProcessRun::prepare(const RunRequest& request, WorkerStarter& starter) {
  confine(request);
  SpawnedWorker spawned = starter.start(request);
  pid_ = spawned.pid;
  end_.inherited_rss_kib = spawned.inherited_rss_kib;
  try {
    families_.add(pid_, request.run_id);
    watch(std::move(spawned));
    // The worker does nothing before it has read the start message, so that moving it between its start and
    // that message loses nothing, and it can leave nothing outside. clone3(2) could start it there, but
    // posix_spawn(3) cannot before glibc 2.39.
    if (cgroup_) cgroup_->take(pid_);
  } catch (...) {
    // Nobody else would end and reap it.
    kill(-pid_, SIGKILL);
    families_.end(pid_);
    waitpid(pid_, nullptr, 0);
    throw;
  }
}

void ProcessRun::watch(SpawnedWorker spawned) {
  exit_.assign(spawned.exit.release());
  output_.assign(spawned.output.release());
  messages_.assign(spawned.messages.release());
  commands_.assign(spawned.commands.release());
}

void ProcessRun::confine(const RunRequest& request) {
  left_to_worker_ = limits_of(request);
  try {
    cgroup_ = cgroups_.make(request.run_id);
  } catch (const std::exception& error) {
    notes_.push_back({LogLevel::warning, error.what()});
  }
  if (cgroup_) {
    CgroupLimits done = cgroup_->limit(left_to_worker_);
    left_to_worker_ = done.left;
    for (std::string& refused : done.refused) notes_.push_back({LogLevel::error, std::move(refused)});
  }
  if (left_to_worker_.cpu_share_percent)
    notes_.push_back({LogLevel::error,
                      "limits.cpu_share is not enforced: this run has no cgroup with the controller cpu"});
}

void ProcessRun::start(RunRequest request, std::uint64_t log_limit_bytes,
                       std::function<void(const Progress&)> progressed, std::function<void(Outcome)> ended) {
  start_line_ = start_line(request, left_to_worker_);
  request_ = std::move(request);
  progressed_ = std::move(progressed);
  log_.emplace(request_.log_file, log_limit_bytes);
  for (const Note& note : notes_) log_->write_line(current_instant(), note.level, note.text);
  read_output();
  read_messages();
  wait_for_exit();
  if (const auto wait = until_start(request_); wait > wait.zero())
    arm(wait, &ProcessRun::begin);
  else
    begin();
  // Last: what throws before leaves a run that can be abandoned.
  ended_ = std::move(ended);
}

void ProcessRun::begin() {
  if (end_.stop_reason || exited_ || !end_.protocol_error.empty()) return;
  end_.started_at = current_instant();
  arm(request_.timeout, &ProcessRun::time_is_up);
  send(std::exchange(start_line_, {}));
}

void ProcessRun::abandon() {
  kill(-pid_, SIGKILL);
  // Nobody reads what it says.
  output_ended_ = messages_ended_ = true;
  wait_for_exit();
}

// A new pipe holds 64 KiB, pipe(7), and the two lines that are ever sent are shorter
// together unless the worker does not read; then the stop is left to the signal.
void ProcessRun::send(const std::string& line) {
  error_code ignored;
  commands_.write_some(asio::buffer(line), ignored);
}

void ProcessRun::stop(StopReason reason) {
  const bool is_ending = end_.result && !request_.command;
  if (end_.stop_reason || is_ending || exited_ || !end_.protocol_error.empty()) return;
  end_.stop_reason = reason;
  if (end_.started_at == Instant{}) return kill_family();
  // A command has closed its end of that pipe.
  if (const auto line = encode(StopMessage{}); line && !request_.command) send(*line);
  kill(-pid_, SIGTERM);
  arm(request_.grace, &ProcessRun::kill_family);
}

void ProcessRun::time_is_up() { stop(StopReason::timeout); }

void ProcessRun::kill_family() {
  if (exited_) return;
  if (cgroup_) cgroup_->kill();
  kill(-pid_, SIGKILL);
}

void ProcessRun::result_without_exit() {
  protocol_error("the worker sent its result but did not exit within " + format_duration(request_.grace));
}

void ProcessRun::arm(std::chrono::nanoseconds delay, void (ProcessRun::*then)()) {
  timer_.expires_after(delay);
  timer_.async_wait([self = shared_from_this(), then](error_code error) {
    if (!error) (self.get()->*then)();
  });
}

void ProcessRun::read_output() {
  output_.async_read_some(asio::buffer(output_buffer_),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            self->log_->write({self->output_buffer_.data(), size});
                            self->output_ended_ = static_cast<bool>(error);
                            if (error) return self->finish_if_complete();
                            self->read_output();
                          });
}

void ProcessRun::read_messages() {
  messages_.async_read_some(asio::buffer(message_buffer_),
                            [self = shared_from_this()](error_code error, std::size_t size) {
                              self->take_messages({self->message_buffer_.data(), size});
                              self->messages_ended_ = error || !self->end_.protocol_error.empty();
                              if (self->messages_ended_) return self->finish_if_complete();
                              self->read_messages();
                            });
}

void ProcessRun::take_messages(std::string_view bytes) {
  lines_.feed(bytes);
  while (end_.protocol_error.empty()) {
    const auto line = lines_.next();
    if (!line) break;
    take_line(*line);
  }
  if (lines_.overlong()) protocol_error("a line is longer than 64 KiB");
}

// printf '{"type":"result"}' in a shell script ends no line. What a signal has cut off is
// nobody's fault, though, and no line.
void ProcessRun::take_unended_line() {
  if (request_.command && WIFEXITED(end_.status) && end_.protocol_error.empty() && lines_.has_partial_line())
    take_line(lines_.take_partial_line());
}

void ProcessRun::take_line(const std::string& line) {
  const auto decoded = decode(line);
  if (const auto* error = std::get_if<ProtocolError>(&decoded))
    protocol_error(error->reason);
  else
    take(std::get<Message>(decoded));
}

void ProcessRun::take(const Message& message) {
  if (end_.result && !request_.command) return protocol_error("a message after the result");
  if (const auto* hello = std::get_if<HelloMessage>(&message)) {
    if (end_.greeted) return protocol_error("a second hello");
    end_.greeted = true;
    if (hello->version != kProtocolVersion)
      protocol_error("the worker speaks version " + std::to_string(hello->version) + ", expected " +
                     std::to_string(kProtocolVersion));
    return;
  }
  if (!end_.greeted) return protocol_error("a message before the hello");
  if (const auto* progress = std::get_if<ProgressMessage>(&message)) {
    progressed_({progress->done, progress->total, progress->message});
  } else if (const auto* line = std::get_if<LogMessage>(&message)) {
    log_->write_line(current_instant(), line->level, line->message);
  } else if (const auto* result = std::get_if<ResultMessage>(&message)) {
    end_.result = *result;
    // A command's result is what it has got so far: it goes on until its timeout. Once the worker has ended
    // the timer is that of its end.
    if (!end_.stop_reason && !exited_ && !request_.command)
      arm(request_.grace, &ProcessRun::result_without_exit);
  } else {
    protocol_error("a message that only a supervisor sends");
  }
}

void ProcessRun::protocol_error(const std::string& reason) {
  if (!end_.protocol_error.empty()) return;
  end_.protocol_error = reason;
  log_->write_line(current_instant(), LogLevel::error, "protocol error: " + reason);
  kill_family();
}

// Asio recycles what it knows of a closed descriptor, and an event that it had read but not yet handed on
// then comes to the new one: only the pidfd itself says that the worker has ended.
void ProcessRun::wait_for_exit() {
  exit_.async_wait(Pipe::wait_read, [self = shared_from_this()](error_code error) {
    if (error) return;
    if (!has_ended(self->exit_.native_handle())) return self->wait_for_exit();
    self->end_family();
  });
}

void ProcessRun::end_family() {
  if (reaped_) return;
  exited_ = true;
  timer_.cancel();
  if (cgroup_ && !cgroup_->is_empty()) {
    cgroup_->kill();
    return arm(kBetweenHunts, &ProcessRun::end_family);
  }
  // Reaped last: until then the process group's number cannot become another's.
  if (!families_.end(pid_)) return arm(kBetweenHunts, &ProcessRun::end_family);
  wait4(pid_, &end_.status, 0, &end_.usage);
  end_.finished_at = end_.started_at == Instant{} ? end_before_start(request_) : current_instant();
  if (cgroup_) end_.out_of_memory = cgroup_->out_of_memory_kills() > 0;
  cgroup_.reset();
  reaped_ = true;
  arm(kLongestDrain, &ProcessRun::finish);
  finish_if_complete();
}

// What the worker wrote last may still be in the pipes; their ends come once all who
// could write are dead.
void ProcessRun::finish_if_complete() {
  if (reaped_ && output_ended_ && messages_ended_) finish();
}

void ProcessRun::finish() {
  if (finished_) return;
  finished_ = true;
  timer_.cancel();
  error_code ignored;
  exit_.close(ignored);
  output_.close(ignored);
  messages_.close(ignored);
  commands_.close(ignored);
  take_unended_line();
  if (log_) log_->close();
  if (ended_) ended_(outcome_of(request_, end_));
}

}  // namespace rota
