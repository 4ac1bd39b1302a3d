// Runs CPU-bound jobs, each in a worker process of its own. The program that uses it ignores SIGPIPE, since a
// worker may die at any moment.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>

#include "supervisor/executor/cgroup_tree.h"
#include "supervisor/executor/executor.h"
#include "supervisor/executor/run_families.h"
#include "supervisor/executor/worker_starter.h"

namespace rota {

class ProcessRun;

struct ProcessExecutorOptions {
  std::filesystem::path worker;  // the executable rota-worker
  std::uint64_t run_log_limit_bytes = 4u << 20;
  // Marks the processes of its runs; what bears it is of no other supervisor that lives. Empty: drawn at
  // random.
  std::string token{};
};

class ProcessExecutor : public Executor {
 public:
  // `loop` outlives the executor and runs on the thread that creates it: workers die
  // with that thread. Makes the process the subreaper of its descendants, and moves it in the
  // cgroup that was delegated to it.
  ProcessExecutor(boost::asio::io_context& loop, ProcessExecutorOptions options);
  ~ProcessExecutor() override;

  // Starts a worker that waits for its start message, once the loop comes to it.
  void prepare(const RunRequest& request) override;
  void abandon(RunId run_id) override;
  void start(RunRequest request, RunCallbacks callbacks) override;
  void stop(RunId run_id, StopReason reason) override;
  // Before the first start: kills what a supervisor before this one, with the same token, has left of its
  // runs. Waits for at most 5 s; returns how many processes there were.
  int end_remains() const { return families_.end_remains(); }

  // Of the cgroups of runs: what is missing and what follows, for the log.
  const std::vector<std::string>& shortcomings() const { return cgroups_.shortcomings(); }
  // Where they are made; empty if they are not.
  const std::filesystem::path& cgroup() const { return cgroups_.directory(); }

  std::size_t active() const override { return runs_.size(); }

 private:
  std::shared_ptr<ProcessRun> take_prepared(RunId run_id);
  std::shared_ptr<ProcessRun> new_run(const RunRequest& request);
  void begin(RunRequest request, const RunCallbacks& callbacks);

  boost::asio::io_context& loop_;
  std::uint64_t run_log_limit_bytes_;
  CgroupTree cgroups_;
  RunFamilies families_;
  WorkerStarter starter_;
  std::map<RunId, std::shared_ptr<ProcessRun>> prepared_;  // null until its worker is there
  std::map<RunId, std::shared_ptr<ProcessRun>> runs_;
};

}  // namespace rota
