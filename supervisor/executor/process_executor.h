// Runs CPU-bound jobs, each in a worker process of its own.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>

#include "supervisor/executor/executor.h"
#include "supervisor/executor/run_families.h"

namespace rota {

class ProcessRun;

struct ProcessExecutorOptions {
  std::filesystem::path worker;  // the executable rota-worker
  std::uint64_t run_log_limit_bytes = 4u << 20;
};

class ProcessExecutor : public Executor {
 public:
  // `loop` outlives the executor and runs on the thread that creates it: workers die
  // with that thread. Makes the process the subreaper of its descendants.
  ProcessExecutor(boost::asio::io_context& loop, ProcessExecutorOptions options);
  ~ProcessExecutor() override;

  void start(RunRequest request, RunCallbacks callbacks) override;
  void stop(RunId run_id, StopReason reason) override;
  std::size_t active() const override { return runs_.size(); }

 private:
  boost::asio::io_context& loop_;
  ProcessExecutorOptions options_;
  RunFamilies families_;
  std::map<RunId, std::shared_ptr<ProcessRun>> runs_;
};

}  // namespace rota
