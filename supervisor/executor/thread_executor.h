// Runs I/O-bound jobs on a pool of threads. A thread cannot be killed: at the
// timeout its run is asked to stop and announced, and the pool gets a replacement
// for the thread, at most as many as the pool has threads.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>

#include "supervisor/executor/executor.h"

namespace rota {

struct ThreadExecutorOptions {
  int threads = 8;  // started when they are first needed
  std::uint64_t run_log_limit_bytes = 4u << 20;
};

class ThreadExecutor : public Executor {
 public:
  // `loop` outlives the executor.
  ThreadExecutor(boost::asio::io_context& loop, ThreadExecutorOptions options);

  // Asks all runs to stop and waits for their functions, however long they take.
  ~ThreadExecutor() override;

  // There is nothing that would take time.
  void prepare(const RunRequest&) override {}
  void abandon(RunId) override {}
  void start(RunRequest request, RunCallbacks callbacks) override;
  void stop(RunId run_id, StopReason reason) override;
  std::size_t active() const override { return runs_.size(); }

  // Asks all runs to stop and waits for their functions, at most so long. False if
  // one has not returned: then the process must end without destroying the executor,
  // because the function still uses what would go.
  bool shut_down(std::chrono::milliseconds limit);

 private:
  struct ThreadRun;
  class Pool;
  class Context;

  void begin(RunRequest request, const RunCallbacks& callbacks);
  static void call(ThreadRun& run);
  void ended(const std::shared_ptr<ThreadRun>& run);
  void overdue(const std::shared_ptr<ThreadRun>& run);

  boost::asio::io_context& loop_;
  ThreadExecutorOptions options_;
  std::unique_ptr<Pool> pool_;
  std::map<RunId, std::shared_ptr<ThreadRun>> runs_;
};

}  // namespace rota
