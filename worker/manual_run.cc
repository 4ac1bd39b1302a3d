#include "worker/manual_run.h"

#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "common/module/job_call.h"
#include "common/module/run_context.h"
#include "common/time/duration.h"
#include "worker/signal_pipe.h"
#include "worker/terminal.h"

namespace rota {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kTimedOut = 124;  // as timeout(1)
constexpr int kInterrupted = 130;

class TerminalContext : public RunContext {
 public:
  TerminalContext(RunValues values, Terminal& terminal)
      : RunContext{std::move(values)}, terminal_{terminal} {}

  void progress(std::int64_t done, std::optional<std::int64_t> total, std::string_view message) override {
    terminal_.progress(done, total, message);
  }
  void log(LogLevel level, std::string_view message) override { terminal_.log(level, message); }

 private:
  Terminal& terminal_;
};

// Passes on Ctrl-C and the timeout for as long as the process lives.
class Watch {
 public:
  Watch(int signals, TerminalContext& context, Terminal& terminal, milliseconds timeout, milliseconds grace)
      : signals_{signals},
        context_{context},
        terminal_{terminal},
        grace_{grace},
        due_{steady_clock::now() + timeout} {}

  bool timed_out() const { return timed_out_; }

  [[noreturn]] void operator()() {
    for (;;) {
      pollfd source{signals_, POLLIN, 0};
      const auto left = std::chrono::ceil<milliseconds>(due_ - steady_clock::now());
      const int wait = static_cast<int>(
          std::min(std::max(left, milliseconds{0}), milliseconds{std::chrono::hours{1}}).count());
      if (poll(&source, 1, wait) > 0)
        interrupted();
      else if (steady_clock::now() >= due_)
        overdue();
    }
  }

 private:
  void interrupted() {
    char signal = 0;
    if (read(signals_, &signal, 1) != 1) return;
    if (context_.stop_requested()) {
      terminal_.say_last("interrupted again: ended at once");
      std::_Exit(kInterrupted);
    }
    terminal_.say("asked to stop; once more ends it at once");
    context_.request_stop();
  }

  void overdue() {
    if (timed_out_) {
      terminal_.say_last("did not stop within its grace of " + format_duration(grace_) + ": ended");
      std::_Exit(kTimedOut);
    }
    timed_out_ = true;
    due_ += grace_;
    terminal_.say("timeout: asked to stop");
    context_.request_stop();
  }

  int signals_;
  TerminalContext& context_;
  Terminal& terminal_;
  milliseconds grace_;
  steady_clock::time_point due_;
  std::atomic<bool> timed_out_{false};
};

// Whatever status the job gave to exit(3), it has left no result; main leaves by _Exit.
void job_ended_the_process() {
  std::fputs("\nrota-worker: the job ended its process and left no result\n", stderr);
  std::fflush(nullptr);
  std::_Exit(1);
}

Parameters joined(Parameters registered, const Parameters& given) {
  for (const auto& [name, value] : given) registered[name] = value;
  return registered;
}

// The same words as the supervisor would record.
std::string state_of(const JobCallResult& call, bool timed_out) {
  if (timed_out) return "timed out";
  return call.result.success ? "succeeded" : "failed (" + call.error_type + ")";
}

std::string summary(const JobCallResult& call, bool timed_out, milliseconds duration) {
  const ScraperResult& result = call.result;
  std::string text = state_of(call, timed_out);
  text += " after " + format_duration(duration) + ": " + std::to_string(result.lines_added) + " added, " +
          std::to_string(result.lines_processed) + " processed";
  if (!result.error.empty()) text += "\n  " + result.error;
  if (!result.last_entry.empty()) text += "\n  last entry: " + result.last_entry;
  return text;
}

}  // namespace

int run_by_hand(const Job& job, const WorkerOptions& options) {
  Terminal terminal;
  const milliseconds timeout = options.timeout.value_or(job.timeout);
  RunValues values;
  values.parameters = joined(job.parameters, options.parameters);
  values.last_entry = options.last_entry;
  values.deadline = std::chrono::floor<milliseconds>(std::chrono::system_clock::now()) + timeout;
  TerminalContext context{std::move(values), terminal};
  Watch watch{open_signal_pipe({SIGINT, SIGTERM}), context, terminal, timeout, job.grace};
  std::thread watcher{std::ref(watch)};
  watcher.detach();  // ends with the process: main leaves by _Exit
  std::atexit(job_ended_the_process);
  const auto begin = steady_clock::now();
  const JobCallResult call = call_job(job.function, context);
  const bool timed_out = watch.timed_out();
  terminal.say_last(summary(call, timed_out, std::chrono::floor<milliseconds>(steady_clock::now() - begin)));
  if (timed_out) return kTimedOut;
  return call.result.success ? 0 : 1;
}

}  // namespace rota
