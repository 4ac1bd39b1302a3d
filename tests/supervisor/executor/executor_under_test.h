// An executor with a real event loop, real workers and a directory for logs.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/module/module_loader.h"
#include "supervisor/executor/executor.h"
#include "tests/new_path.h"

namespace rota {

inline const std::filesystem::path kWorker = std::filesystem::path{ROTA_BIN} / "rota-worker";
inline const std::filesystem::path kModule =
    std::filesystem::path{ROTA_LIB} / "test-modules" / "behaviours.so";

inline JobFunction function_of(const std::string& job) {
  static const LoadedModules loaded = [] {
    LoadedModules modules;
    load_module(kModule, modules);
    return modules;
  }();
  for (const RegisteredJob& entry : loaded.jobs)
    if (entry.job.name == job) return entry.job.function;
  throw std::runtime_error{"no job " + job};
}

inline std::string content(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

inline std::vector<int> pids_in(const std::filesystem::path& file) {
  std::ifstream stream{file};
  return {std::istream_iterator<int>{stream}, {}};
}

inline bool is_fork_server(int pid) {
  return content("/proc/" + std::to_string(pid) + "/cmdline").find("--fork-server") != std::string::npos;
}

// The children of the first thread, alive or not reaped yet, that are fork servers or that are none.
inline std::vector<int> children(bool fork_servers) {
  std::vector<int> all = pids_in("/proc/self/task/" + std::to_string(getpid()) + "/children");
  std::erase_if(all, [&](int pid) { return is_fork_server(pid) != fork_servers; });
  return all;
}

inline std::vector<int> workers_of_this_process() { return children(false); }
inline std::vector<int> fork_servers_of_this_process() { return children(true); }

template <typename Tested, typename Options>
class ExecutorUnderTest {
 public:
  explicit ExecutorUnderTest(Options options) : executor{loop, std::move(options)} {
    // As rotad does: a worker may have died before it is told anything.
    std::signal(SIGPIPE, SIG_IGN);
  }
  ExecutorUnderTest(const ExecutorUnderTest&) = delete;
  ExecutorUnderTest& operator=(const ExecutorUnderTest&) = delete;
  ~ExecutorUnderTest() { std::filesystem::remove_all(directory); }

  RunRequest request(const std::string& job, Parameters parameters = {}) {
    RunRequest request;
    request.run_id = ++last_id;
    request.job_name = job;
    request.module = kModule;
    request.function = function_of(job);
    request.timeout = std::chrono::minutes{1};
    request.grace = std::chrono::seconds{30};
    request.parameters = std::move(parameters);
    request.log_file = directory / (std::to_string(last_id) + ".log");
    return request;
  }

  void start(RunRequest wanted) {
    const RunId id = wanted.run_id;
    RunCallbacks callbacks;
    callbacks.on_progress = [this, id](const Progress& report) { progress[id] = report; };
    callbacks.on_overdue = [this, id] { ++overdue[id]; };
    callbacks.on_outcome = [this, id](Outcome outcome) { outcomes.emplace(id, std::move(outcome)); };
    executor.start(std::move(wanted), std::move(callbacks));
  }

  // Waits until there is a worker, and returns its process id.
  int prepare(const RunRequest& wanted) {
    const std::vector<int> before = workers_of_this_process();
    executor.prepare(wanted);
    std::vector<int> now;
    run_until([&] {
      now = workers_of_this_process();
      std::erase_if(now, [&](int pid) { return std::ranges::count(before, pid) != 0; });
      return !now.empty();
    });
    return now.front();
  }

  const Outcome& end(RunId id) {
    run_until([&] { return outcomes.contains(id); });
    return outcomes.at(id);
  }

  Outcome run(RunRequest wanted) {
    const RunId id = wanted.run_id;
    start(std::move(wanted));
    return end(id);
  }

  template <typename Condition>
  void run_until(Condition condition) {
    while (!condition()) {
      loop.restart();
      loop.run_one();
    }
  }

  std::string log(RunId id) const { return content(directory / (std::to_string(id) + ".log")); }

  // Before the executor, which uses the loop.
  boost::asio::io_context loop{1};
  std::filesystem::path directory = new_path("rota-executor-test");
  Tested executor;
  RunId last_id = 0;
  std::map<RunId, Outcome> outcomes;
  std::map<RunId, Progress> progress;
  std::map<RunId, int> overdue;
};

}  // namespace rota
