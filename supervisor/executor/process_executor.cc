#include "supervisor/executor/process_executor.h"

#include <boost/asio/post.hpp>
#include <exception>

#include "supervisor/executor/process_run.h"
#include "supervisor/run/clock.h"

namespace rota {
ProcessExecutor::ProcessExecutor(boost::asio::io_context& loop, ProcessExecutorOptions options)
    : loop_{loop},
      run_log_limit_bytes_{options.run_log_limit_bytes},
      families_{cgroups_, std::move(options.token)},
      starter_{std::move(options.worker), families_.token()} {}

ProcessExecutor::~ProcessExecutor() = default;

std::shared_ptr<ProcessRun> ProcessExecutor::new_run(const RunRequest& request) {
  auto run = std::make_shared<ProcessRun>(loop_, cgroups_, families_);
  run->prepare(request, starter_);
  return run;
}

// When this turn of the loop has been made and what it writes has been handed over: the disk takes the run's
// row while the worker is started, and not only then.
void ProcessExecutor::prepare(const RunRequest& request) {
  prepared_.emplace(request.run_id, nullptr);
  boost::asio::post(loop_, [this, request] {
    const auto wanted = prepared_.find(request.run_id);
    if (wanted == prepared_.end() || wanted->second) return;
    try {
      wanted->second = new_run(request);
    } catch (const std::exception&) {
      // `start` tries again, and tells what is in the way then.
    }
  });
}

std::shared_ptr<ProcessRun> ProcessExecutor::take_prepared(RunId run_id) {
  const auto found = prepared_.find(run_id);
  if (found == prepared_.end()) return nullptr;
  auto run = std::move(found->second);
  prepared_.erase(found);
  return run;
}

void ProcessExecutor::abandon(RunId run_id) {
  if (const auto run = take_prepared(run_id)) run->abandon();
}

void ProcessExecutor::start(RunRequest request, RunCallbacks callbacks) {
  const RunId run_id = request.run_id;
  try {
    begin(std::move(request), callbacks);
  } catch (const std::exception& error) {
    runs_.erase(run_id);
    boost::asio::post(loop_,
                      [callbacks, outcome = start_failure("the worker could not be started", error.what())] {
                        callbacks.on_outcome(outcome);
                      });
  }
}

void ProcessExecutor::begin(RunRequest request, const RunCallbacks& callbacks) {
  const RunId run_id = request.run_id;
  const auto ended = [this, run_id, callbacks](Outcome outcome) {
    tell_of_log(runs_.at(run_id)->log_trouble(), callbacks);
    runs_.erase(run_id);
    callbacks.on_outcome(std::move(outcome));
  };
  auto run = take_prepared(run_id);
  if (!run) run = new_run(request);
  try {
    runs_.emplace(run_id, run);
    run->start(std::move(request), run_log_limit_bytes_, callbacks.on_progress, ended);
  } catch (...) {
    run->abandon();
    throw;
  }
}

void ProcessExecutor::stop(RunId run_id, StopReason reason) {
  const auto found = runs_.find(run_id);
  if (found != runs_.end()) found->second->stop(reason);
}

}  // namespace rota
