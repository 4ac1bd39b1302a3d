#include "supervisor/executor/process_executor.h"

#include <boost/asio/post.hpp>
#include <exception>

#include "supervisor/executor/process_run.h"
#include "supervisor/run/clock.h"

namespace rota {
ProcessExecutor::ProcessExecutor(boost::asio::io_context& loop, ProcessExecutorOptions options)
    : loop_{loop}, options_{std::move(options)}, families_{cgroups_, options_.token} {}

ProcessExecutor::~ProcessExecutor() = default;

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
  const auto run = std::make_shared<ProcessRun>(loop_, std::move(request), options_.run_log_limit_bytes,
                                                cgroups_, families_, callbacks.on_progress, ended);
  runs_.emplace(run_id, run);
  run->start(options_.worker);
}

void ProcessExecutor::stop(RunId run_id, StopReason reason) {
  const auto found = runs_.find(run_id);
  if (found != runs_.end()) found->second->stop(reason);
}

}  // namespace rota
