#include "supervisor/executor/thread_executor.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <optional>
#include <utility>

#include "common/module/job_call.h"
#include "common/module/run_context.h"
#include "common/time/duration.h"
#include "supervisor/executor/head_start.h"
#include "supervisor/executor/run_log.h"
#include "supervisor/executor/thread_pool.h"
#include "supervisor/executor/usage.h"
#include "supervisor/run/clock.h"

namespace rota {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

rusage usage_of_this_thread() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return usage;
}

RunValues values_of(const RunRequest& request) {
  return {request.run_id, request.attempt, request.parameters, request.last_entry, deadline_of(request)};
}

// False if a stop was requested before that. The thread waits for the time itself: woken by another it would
// be late by that.
bool wait_until(steady_clock::time_point begins_at, RunContext& context) {
  const auto wait = begins_at - steady_clock::now();
  if (wait <= wait.zero()) return !context.stop_requested();
  // A thread is woken up to 50 us later than it asked for else, PR_SET_TIMERSLACK in prctl(2); 0 is what it
  // had.
  prctl(PR_SET_TIMERSLACK, 1UL);
  const bool begins = context.sleep(wait);
  prctl(PR_SET_TIMERSLACK, 0UL);
  return begins;
}

void apply(const JobCallResult& call, Outcome& outcome) {
  outcome.state = call.result.success ? RunState::succeeded : RunState::failed;
  outcome.error_type = call.error_type;
  outcome.error_message = call.result.error;
  outcome.lines_added = call.result.lines_added;
  outcome.lines_processed = call.result.lines_processed;
  outcome.last_entry = call.result.last_entry;
}

}  // namespace

class ThreadExecutor::Pool : public ThreadPool {
 public:
  using ThreadPool::ThreadPool;
};

class ThreadExecutor::Context : public RunContext {
 public:
  Context(asio::io_context& loop, const RunRequest& request, std::uint64_t log_limit_bytes,
          std::function<void(const Progress&)> progressed)
      : RunContext{values_of(request)},
        loop_{loop},
        log_{request.log_file, log_limit_bytes},
        progressed_{std::move(progressed)} {}

  // The latest report wins: one at most is on its way to the event loop.
  void progress(std::int64_t done, std::optional<std::int64_t> total, std::string_view message) override {
    const std::lock_guard lock{mutex_};
    const bool on_its_way = pending_.has_value();
    pending_ = Progress{done, total, std::string{message}};
    if (!on_its_way) asio::post(loop_, [self = self_.lock(), this] { deliver(); });
  }

  void log(LogLevel level, std::string_view message) override {
    log_.write_line(current_instant(), level, message);
  }

  void close_log() { log_.close(); }
  std::string log_trouble() const { return log_.trouble(); }
  // What keeps this context alive, for reports that arrive after the function has returned.
  void owned_by(const std::shared_ptr<void>& owner) { self_ = owner; }

 private:
  void deliver() {
    std::optional<Progress> progress;
    {
      const std::lock_guard lock{mutex_};
      progress.swap(pending_);
    }
    if (progress) progressed_(*progress);
  }

  asio::io_context& loop_;
  RunLog log_;
  std::function<void(const Progress&)> progressed_;
  std::weak_ptr<void> self_;
  std::mutex mutex_;
  std::optional<Progress> pending_;
};

struct ThreadExecutor::ThreadRun {
  ThreadRun(asio::io_context& loop, RunRequest given, RunCallbacks wanted, std::uint64_t log_limit_bytes)
      : request{std::move(given)},
        callbacks{std::move(wanted)},
        context{loop, request, log_limit_bytes, callbacks.on_progress},
        timer{loop} {}

  RunRequest request;
  RunCallbacks callbacks;
  Context context;
  asio::steady_timer timer;
  std::optional<StopReason> stop_reason;
  Outcome outcome;
};

ThreadExecutor::ThreadExecutor(asio::io_context& loop, ThreadExecutorOptions options)
    : loop_{loop}, options_{options}, pool_{std::make_unique<Pool>(options.threads)} {}

ThreadExecutor::~ThreadExecutor() {
  for (const auto& [id, run] : runs_) run->context.request_stop();
}

void ThreadExecutor::start(RunRequest request, RunCallbacks callbacks) {
  const RunId run_id = request.run_id;
  try {
    begin(std::move(request), callbacks);
  } catch (const std::exception& error) {
    runs_.erase(run_id);
    asio::post(loop_, [callbacks, outcome = start_failure("no thread can run it", error.what())] {
      callbacks.on_outcome(outcome);
    });
  }
}

void ThreadExecutor::begin(RunRequest request, const RunCallbacks& callbacks) {
  const RunId run_id = request.run_id;
  const auto run =
      std::make_shared<ThreadRun>(loop_, std::move(request), callbacks, options_.run_log_limit_bytes);
  run->context.owned_by(run);
  runs_.emplace(run_id, run);
  const auto begins_at = steady_clock::now() + until_start(run->request);
  pool_->run([this, run, begins_at] {
    if (wait_until(begins_at, run->context))
      call(*run);
    else
      run->outcome.finished_at = end_before_start(run->request);
    asio::post(loop_, [this, run] { ended(run); });
  });
  run->timer.expires_at(begins_at + run->request.timeout);
  run->timer.async_wait([this, run](boost::system::error_code error) {
    if (!error && runs_.contains(run->request.run_id)) overdue(run);
  });
}

void ThreadExecutor::call(ThreadRun& run) {
  run.outcome.started_at = current_instant();
  const rusage before = usage_of_this_thread();
  const JobCallResult call = call_job(run.request.function, run.context);
  const rusage after = usage_of_this_thread();
  apply(call, run.outcome);
  run.outcome.finished_at = current_instant();
  run.outcome.user_cpu_ms = in_milliseconds(after.ru_utime) - in_milliseconds(before.ru_utime);
  run.outcome.system_cpu_ms = in_milliseconds(after.ru_stime) - in_milliseconds(before.ru_stime);
  run.context.close_log();
}

void ThreadExecutor::stop(RunId run_id, StopReason reason) {
  const auto found = runs_.find(run_id);
  if (found == runs_.end()) return;
  ThreadRun& run = *found->second;
  if (!run.stop_reason) run.stop_reason = reason;
  run.context.request_stop();
}

void ThreadExecutor::overdue(const std::shared_ptr<ThreadRun>& run) {
  if (run->stop_reason) return;
  run->stop_reason = StopReason::timeout;
  run->context.request_stop();
  pool_->discount(true);
  run->callbacks.on_overdue();
}

void ThreadExecutor::ended(const std::shared_ptr<ThreadRun>& run) {
  run->timer.cancel();
  runs_.erase(run->request.run_id);
  Outcome outcome = run->outcome;
  if (run->stop_reason == StopReason::timeout) {
    pool_->discount(false);
    outcome.state = RunState::timed_out;
    outcome.error_type = "timeout";
    outcome.error_message = "ran longer than its timeout of " + format_duration(run->request.timeout) +
                            (outcome.error_message.empty() ? "" : "; " + outcome.error_message);
  } else if (run->stop_reason) {
    outcome.state = RunState::cancelled;
    outcome.error_type = run->stop_reason == StopReason::shutdown ? "shutdown" : "cancelled";
    outcome.error_message = run->stop_reason == StopReason::shutdown
                                ? stopped_with_the_supervisor(outcome.started_at)
                                : "cancelled on request";
  }
  tell_of_log(run->context.log_trouble(), run->callbacks);
  run->callbacks.on_outcome(std::move(outcome));
}

bool ThreadExecutor::shut_down(milliseconds limit) {
  for (const auto& [id, run] : runs_) run->context.request_stop();
  return pool_->end(limit);
}

}  // namespace rota
