#include "supervisor/executor/process_run.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "common/time/duration.h"
#include "supervisor/executor/usage.h"
#include "supervisor/run/clock.h"

namespace rota {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds kBetweenHunts{2};
// For the case that a process which could not be found still holds a pipe.
constexpr milliseconds kLongestDrain{1000};

std::string signal_name(int signal) {
  const char* name = sigabbrev_np(signal);
  return name ? std::string{"SIG"} + name : "signal " + std::to_string(signal);
}

// Little of the supervisor's environment is a worker's business.
std::vector<std::string> environment_for(const RunRequest& request, const std::string& token) {
  std::vector<std::string> environment;
  for (const char* name : {"PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TZDIR"})
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in the supervisor sets the environment
    if (const char* value = std::getenv(name)) environment.push_back(std::string{name} + "=" + value);
  environment.push_back("ROTA_SUPERVISOR_PID=" + std::to_string(getpid()));
  environment.push_back("ROTA_RUN_ID=" + std::to_string(request.run_id));
  environment.push_back("ROTA_RUN_TOKEN=" + token);
  environment.push_back("ROTA_JOB=" + request.job_name);
  return environment;
}

std::string start_line(const RunRequest& request) {
  StartMessage start;
  start.run_id = request.run_id;
  start.job = request.job_name;
  start.attempt = request.attempt;
  start.trigger = to_string(request.trigger);
  start.scheduled_for = request.scheduled_for;
  start.deadline = current_instant() + request.timeout;
  start.parameters = request.parameters;
  start.last_entry = request.last_entry;
  auto line = encode(start);
  if (!line)
    throw std::runtime_error{
        "the parameters and the last entry are longer than a line of the pipe protocol (64 KiB)"};
  return *std::move(line);
}

}  // namespace

ProcessRun::ProcessRun(asio::io_context& loop, RunRequest request, std::uint64_t log_limit_bytes,
                       RunFamilies& families, std::function<void(const Progress&)> progressed,
                       std::function<void(Outcome)> ended)
    : request_{std::move(request)},
      families_{families},
      progressed_{std::move(progressed)},
      ended_{std::move(ended)},
      log_{request_.log_file, log_limit_bytes},
      exit_{loop},
      output_{loop},
      messages_{loop},
      commands_{loop},
      timer_{loop} {}

void ProcessRun::start(const std::filesystem::path& worker) {
  const std::string line = start_line(request_);
  SpawnedWorker spawned =
      spawn_worker({worker.string(), "--supervised", "--module", request_.module.string(), request_.job_name},
                   environment_for(request_, families_.token()));
  started_at_ = current_instant();
  pid_ = spawned.pid;
  families_.add(pid_, request_.run_id);
  exit_.assign(spawned.exit.release());
  output_.assign(spawned.output.release());
  messages_.assign(spawned.messages.release());
  commands_.assign(spawned.commands.release());
  send(line);
  arm(request_.timeout, &ProcessRun::time_is_up);
  read_output();
  read_messages();
  wait_for_exit();
}

// A new pipe holds 64 KiB, pipe(7), and the two lines that are ever sent are shorter
// together unless the worker does not read; then the stop is left to the signal.
void ProcessRun::send(const std::string& line) {
  error_code ignored;
  commands_.write_some(asio::buffer(line), ignored);
}

void ProcessRun::stop(StopReason reason) {
  if (stop_reason_ || result_ || exited_ || !protocol_error_.empty()) return;
  stop_reason_ = reason;
  if (const auto line = encode(StopMessage{})) send(*line);
  kill(-pid_, SIGTERM);
  arm(request_.grace, &ProcessRun::kill_family);
}

void ProcessRun::time_is_up() { stop(StopReason::timeout); }

void ProcessRun::kill_family() {
  if (!exited_) kill(-pid_, SIGKILL);
}

void ProcessRun::result_without_exit() {
  protocol_error("the worker sent its result but did not exit within " + format_duration(request_.grace));
}

void ProcessRun::arm(milliseconds delay, void (ProcessRun::*then)()) {
  timer_.expires_after(delay);
  timer_.async_wait([self = shared_from_this(), then](error_code error) {
    if (!error) (self.get()->*then)();
  });
}

void ProcessRun::read_output() {
  output_.async_read_some(asio::buffer(output_buffer_),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            self->log_.write({self->output_buffer_.data(), size});
                            self->output_ended_ = static_cast<bool>(error);
                            if (error) return self->finish_if_complete();
                            self->read_output();
                          });
}

void ProcessRun::read_messages() {
  messages_.async_read_some(asio::buffer(message_buffer_),
                            [self = shared_from_this()](error_code error, std::size_t size) {
                              self->take_messages({self->message_buffer_.data(), size});
                              self->messages_ended_ = error || !self->protocol_error_.empty();
                              if (self->messages_ended_) return self->finish_if_complete();
                              self->read_messages();
                            });
}

void ProcessRun::take_messages(std::string_view bytes) {
  lines_.feed(bytes);
  while (protocol_error_.empty()) {
    const auto line = lines_.next();
    if (!line) break;
    take_line(*line);
  }
  if (lines_.overlong()) protocol_error("a line is longer than 64 KiB");
}

void ProcessRun::take_line(const std::string& line) {
  const auto decoded = decode(line);
  if (const auto* error = std::get_if<ProtocolError>(&decoded))
    protocol_error(error->reason);
  else
    take(std::get<Message>(decoded));
}

void ProcessRun::take(const Message& message) {
  if (result_) return protocol_error("a message after the result");
  if (const auto* hello = std::get_if<HelloMessage>(&message)) {
    if (greeted_) return protocol_error("a second hello");
    greeted_ = true;
    if (hello->version != kProtocolVersion)
      protocol_error("the worker speaks version " + std::to_string(hello->version) + ", expected " +
                     std::to_string(kProtocolVersion));
    return;
  }
  if (!greeted_) return protocol_error("a message before the hello");
  if (const auto* progress = std::get_if<ProgressMessage>(&message)) {
    progressed_({progress->done, progress->total, progress->message});
  } else if (const auto* line = std::get_if<LogMessage>(&message)) {
    log_.write_line(current_instant(), line->level, line->message);
  } else if (const auto* result = std::get_if<ResultMessage>(&message)) {
    result_ = *result;
    if (!stop_reason_) arm(request_.grace, &ProcessRun::result_without_exit);
  } else {
    protocol_error("a message that only a supervisor sends");
  }
}

void ProcessRun::protocol_error(const std::string& reason) {
  if (!protocol_error_.empty()) return;
  protocol_error_ = reason;
  log_.write_line(current_instant(), LogLevel::error, "protocol error: " + reason);
  kill_family();
}

void ProcessRun::wait_for_exit() {
  exit_.async_wait(Pipe::wait_read, [self = shared_from_this()](error_code error) {
    if (!error) self->end_family();
  });
}

void ProcessRun::end_family() {
  exited_ = true;
  timer_.cancel();
  // Reaped last: until then the process group's number cannot become another's.
  if (!families_.end(pid_)) return arm(kBetweenHunts, &ProcessRun::end_family);
  wait4(pid_, &status_, 0, &usage_);
  finished_at_ = current_instant();
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
  log_.close();
  ended_(outcome());
}

Outcome ProcessRun::outcome() const {
  Outcome outcome;
  outcome.started_at = started_at_;
  outcome.finished_at = finished_at_;
  outcome.user_cpu_ms = in_milliseconds(usage_.ru_utime);
  outcome.system_cpu_ms = in_milliseconds(usage_.ru_stime);
  outcome.max_rss_kib = usage_.ru_maxrss;
  if (WIFEXITED(status_)) outcome.exit_code = WEXITSTATUS(status_);
  if (WIFSIGNALED(status_)) outcome.signal = WTERMSIG(status_);
  if (result_) {
    outcome.lines_added = result_->lines_added;
    outcome.lines_processed = result_->lines_processed;
    outcome.last_entry = result_->last_entry;
  }
  const std::string end =
      outcome.signal ? "ended by " + signal_name(*outcome.signal)
                     : "ended by itself with exit status " + std::to_string(outcome.exit_code.value_or(0));
  const auto as = [&](RunState state, const char* type, std::string message) {
    outcome.state = state;
    outcome.error_type = type;
    outcome.error_message = std::move(message);
    return outcome;
  };
  if (stop_reason_ == StopReason::timeout)
    return as(RunState::timed_out, "timeout",
              "ran longer than its timeout of " + format_duration(request_.timeout) + "; " + end);
  if (stop_reason_ == StopReason::shutdown)
    return as(RunState::cancelled, "shutdown", "the supervisor was stopped while it ran; " + end);
  if (stop_reason_) return as(RunState::cancelled, "cancelled", "cancelled on request; " + end);
  if (!protocol_error_.empty()) return as(RunState::failed, "protocol", "protocol error: " + protocol_error_);
  if (outcome.signal)
    return as(RunState::crashed, "signal", "the worker was ended by " + signal_name(*outcome.signal));
  if (!result_) return as(RunState::crashed, "exit", "the worker left without a result; " + end);
  if (!result_->success)
    return as(RunState::failed, result_->error_type.empty() ? "job" : result_->error_type.c_str(),
              result_->error);
  return as(RunState::succeeded, "", result_->error);
}

}  // namespace rota
