// One run in a worker process, which may become a command, from the start of the worker to the last of what
// it left behind.
// For the process executor; everything on the event loop's thread.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/protocol/line_reader.h"
#include "common/protocol/message.h"
#include "supervisor/executor/cgroup_tree.h"
#include "supervisor/executor/executor.h"
#include "supervisor/executor/process_outcome.h"
#include "supervisor/executor/run_families.h"
#include "supervisor/executor/run_log.h"
#include "supervisor/executor/worker_starter.h"

namespace rota {

class ProcessRun : public std::enable_shared_from_this<ProcessRun> {
 public:
  // `cgroups` and `families` outlive the run.
  ProcessRun(boost::asio::io_context& loop, const CgroupTree& cgroups, RunFamilies& families);

  // Starts the worker in its cgroup, where it waits for its start message and does nothing. Throws
  // std::exception where it cannot be started, and has left nothing then.
  void prepare(const RunRequest& request, WorkerStarter& starter);

  // Once prepared: lets the worker go in its time, as `request` says now. `ended` is called once, last.
  // Throws std::exception where the start message cannot be made; then it is to be abandoned.
  void start(RunRequest request, std::uint64_t log_limit_bytes,
             std::function<void(const Progress&)> progressed, std::function<void(Outcome)> ended);

  // Instead of `start`: ends the worker. The run keeps itself until that is reaped.
  void abandon();

  void stop(StopReason reason);
  std::string log_trouble() const { return log_ ? log_->trouble() : std::string{}; }

 private:
  using Pipe = boost::asio::posix::stream_descriptor;

  struct Note {
    LogLevel level;
    std::string text;
  };

  void confine(const RunRequest& request);
  void watch(SpawnedWorker spawned);
  void begin();
  void send(const std::string& line);
  void read_output();
  void read_messages();
  void take_messages(std::string_view bytes);
  void take_unended_line();
  void take_line(const std::string& line);
  void take(const Message& message);
  void protocol_error(const std::string& reason);
  void arm(std::chrono::nanoseconds delay, void (ProcessRun::*then)());
  void time_is_up();
  void kill_family();
  void result_without_exit();
  void wait_for_exit();
  void end_family();
  void finish_if_complete();
  void finish();

  const CgroupTree& cgroups_;
  RunFamilies& families_;
  std::unique_ptr<RunCgroup> cgroup_;
  CommandLimits left_to_worker_;  // those that the cgroup has not taken
  std::vector<Note> notes_;       // for the log, which is made at the start
  RunRequest request_;
  std::string start_line_;
  std::function<void(const Progress&)> progressed_;
  std::function<void(Outcome)> ended_;
  std::optional<RunLog> log_;
  int pid_ = 0;
  Pipe exit_;
  Pipe output_;
  Pipe messages_;
  Pipe commands_;
  boost::asio::steady_timer timer_;
  std::array<char, std::size_t{16} * 1024> output_buffer_{};
  std::array<char, 4096> message_buffer_{};
  LineReader lines_{kMaximumLineBytes};
  bool exited_ = false;
  bool output_ended_ = false;
  bool messages_ended_ = false;
  bool reaped_ = false;
  bool finished_ = false;
  ProcessEnd end_;
};

}  // namespace rota
