#include "worker/supervised_run.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "common/module/job_call.h"
#include "common/module/run_context.h"
#include "common/protocol/line_reader.h"
#include "common/protocol/message.h"
#include "worker/command_run.h"
#include "worker/find_job.h"
#include "worker/parent_death.h"
#include "worker/peak_memory.h"
#include "worker/process_limits.h"
#include "worker/run_end.h"
#include "worker/signal_pipe.h"
#include "worker/start_error.h"

namespace rota {
namespace {

constexpr int kFromSupervisor = 3;
constexpr int kToSupervisor = 4;

[[noreturn]] void end_process(int status) {
  std::fflush(nullptr);
  // Destructors of a module's globals could fail after the result has been given.
  std::_Exit(status);
}

// The writing half of the protocol. Any thread.
class Channel {
 public:
  void send(const Message& message) {
    if (const auto line = encode(message)) send_line(*line);
  }

  // False if the message cannot be put into a line.
  bool send_result(const ResultMessage& message) {
    const auto line = encode(message);
    if (line) send_line(*line);
    return line.has_value();
  }

 private:
  void send_line(std::string_view line) {
    const std::lock_guard lock{mutex_};
    while (!line.empty()) {
      const ssize_t written = write(kToSupervisor, line.data(), line.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return;  // the supervisor is gone, and this process about to be
      line.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  std::mutex mutex_;
};

class PipeContext : public RunContext {
 public:
  PipeContext(RunValues values, Channel& channel) : RunContext{std::move(values)}, channel_{channel} {}

  void progress(std::int64_t done, std::optional<std::int64_t> total, std::string_view message) override {
    constexpr std::chrono::milliseconds kBetween{100};
    const std::lock_guard lock{mutex_};
    pending_ = ProgressMessage{done, total, std::string{message}};
    const auto now = std::chrono::steady_clock::now();
    if (now - sent_at_ < kBetween) return;
    sent_at_ = now;
    send_pending();
  }

  void log(LogLevel level, std::string_view message) override {
    channel_.send(LogMessage{level, std::string{message}});
  }

  // What was held back because the report before it was too recent.
  void flush() {
    const std::lock_guard lock{mutex_};
    send_pending();
  }

 private:
  void send_pending() {
    if (pending_) channel_.send(*pending_);
    pending_.reset();
  }

  Channel& channel_;
  std::mutex mutex_;
  std::optional<ProgressMessage> pending_;
  std::chrono::steady_clock::time_point sent_at_{};
};

// The reading half of the protocol.
class Inbox {
 public:
  // The next message; nullopt at the end of the pipe or if it cannot be trusted.
  std::optional<Message> next() {
    for (;;) {
      if (const auto line = lines_.next()) {
        auto message = decode(*line);
        if (auto* good = std::get_if<Message>(&message)) return std::move(*good);
        return std::nullopt;
      }
      if (lines_.overlong() || !fill()) return std::nullopt;
    }
  }

 private:
  bool fill() {
    std::array<char, 4096> bytes{};
    for (;;) {
      const ssize_t count = read(kFromSupervisor, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      lines_.feed({bytes.data(), static_cast<std::size_t>(count)});
      return true;
    }
  }

  LineReader lines_{kMaximumLineBytes};
};

// Waits for a stop by message or signal, and for the end of the supervisor.
void watch(Inbox& inbox, int signals, PipeContext& context) {
  for (;;) {
    std::array<pollfd, 2> sources{pollfd{kFromSupervisor, POLLIN, 0}, pollfd{signals, POLLIN, 0}};
    if (poll(sources.data(), sources.size(), -1) < 0) continue;
    if (sources[1].revents != 0) {
      char signal = 0;
      if (read(signals, &signal, 1) == 1) context.request_stop();
    }
    if (sources[0].revents == 0) continue;
    const auto message = inbox.next();
    if (!message) end_whole_run();
    if (std::holds_alternative<StopMessage>(*message)) context.request_stop();
  }
}

ResultMessage result_of(const JobCallResult& call) {
  return {call.result.success,         call.error_type,        call.result.error, call.result.lines_added,
          call.result.lines_processed, call.result.last_entry, peak_memory_kib()};
}

ResultMessage failure(std::string type, std::string text) {
  ResultMessage result;
  result.success = false;
  result.error_type = std::move(type);
  result.error = std::move(text);
  return result;
}

ResultMessage run_job(const WorkerOptions& options, const CommandLimits& limits, PipeContext& context) {
  if (options.module.empty())
    return failure("module", "expected --module FILE or a command in the start message");
  try {
    // What the module does as it is loaded is the job's doing already.
    if (limits != CommandLimits{}) set_limits(limits);
  } catch (const StartError& error) {
    return failure("start", error.what());
  }
  LoadedModules loaded;
  load_module(options.module, loaded);
  try {
    return result_of(call_job(find_job(loaded, options.job_name).job.function, context));
  } catch (const UsageError& error) {
    return failure("module", error.what());
  }
}

[[noreturn]] void run_function(const WorkerOptions& options, const StartMessage& start, Inbox& inbox,
                               Channel& channel) {
  const int signals = open_signal_pipe({SIGTERM});
  PipeContext context{{start.run_id, start.attempt, start.parameters, start.last_entry, start.deadline},
                      channel};
  std::thread watcher{[&] { watch(inbox, signals, context); }};
  watcher.detach();  // ends with the process, which ends right below
  const ResultMessage result = run_job(options, start.limits, context);
  context.flush();
  std::fflush(nullptr);
  if (!channel.send_result(result))
    channel.send(failure(
        "result", "the last_entry of the result is longer than 32 KiB as JSON text, or holds a zero byte"));
  end_process(result.success ? 0 : 1);
}

// Signals are still at their defaults: a SIGTERM that came while they were caught would be lost to
// the command.
[[noreturn]] void run_command(const StartMessage& start, Channel& channel) {
  const StartFailure refused = become_command(start, kFromSupervisor, kToSupervisor);
  channel.send(failure("start", refused.message));
  end_process(refused.exit_status);
}

}  // namespace

void run_supervised(const WorkerOptions& options) {
  wake_with_supervisors_end();
  fcntl(kFromSupervisor, F_SETFD, FD_CLOEXEC);
  fcntl(kToSupervisor, F_SETFD, FD_CLOEXEC);
  Channel channel;
  HelloMessage hello;
  hello.pid = getpid();
  channel.send(hello);
  Inbox inbox;
  const auto first = inbox.next();
  const auto* start = first ? std::get_if<StartMessage>(&*first) : nullptr;
  if (!start || start->version != kProtocolVersion) {
    std::fprintf(stderr, "rota-worker: expected a start message of protocol version %d on descriptor 3\n",
                 kProtocolVersion);
    end_process(1);
  }
  // Not sooner: the parent of a worker that was forked is the supervisor once that knows of it,
  // worker/fork_server.cc.
  if (!has_supervisor()) end_process(1);
  if (start->command) run_command(*start, channel);
  run_function(options, *start, inbox, channel);
}

}  // namespace rota
