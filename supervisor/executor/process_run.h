// One run in a worker process, which may become a command, from its start to the last of what it left behind.
// For the process executor; everything on the event loop's thread.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "common/protocol/line_reader.h"
#include "common/protocol/message.h"
#include "supervisor/executor/cgroup_tree.h"
#include "supervisor/executor/executor.h"
#include "supervisor/executor/process_outcome.h"
#include "supervisor/executor/run_families.h"
#include "supervisor/executor/run_log.h"
#include "supervisor/executor/spawn.h"

namespace rota {

class ProcessRun : public std::enable_shared_from_this<ProcessRun> {
 public:
  // `ended` is called once, last. `cgroups` and `families` outlive the run.
  ProcessRun(boost::asio::io_context& loop, RunRequest request, std::uint64_t log_limit_bytes,
             const CgroupTree& cgroups, RunFamilies& families,
             std::function<void(const Progress&)> progressed, std::function<void(Outcome)> ended);

  // Throws std::exception where the worker cannot be started; then `ended` is not called.
  void start(const std::filesystem::path& worker);
  void stop(StopReason reason);
  std::string log_trouble() const { return log_.trouble(); }

 private:
  using Pipe = boost::asio::posix::stream_descriptor;

  CommandLimits confine();
  void watch(SpawnedWorker spawned, const std::string& line);
  void move_into_cgroup();
  void send(const std::string& line);
  void read_output();
  void read_messages();
  void take_messages(std::string_view bytes);
  void take_unended_line();
  void take_line(const std::string& line);
  void take(const Message& message);
  void protocol_error(const std::string& reason);
  void arm(std::chrono::milliseconds delay, void (ProcessRun::*then)());
  void time_is_up();
  void kill_family();
  void result_without_exit();
  void wait_for_exit();
  void end_family();
  void finish_if_complete();
  void finish();

  RunRequest request_;
  const CgroupTree& cgroups_;
  RunFamilies& families_;
  std::unique_ptr<RunCgroup> cgroup_;
  std::function<void(const Progress&)> progressed_;
  std::function<void(Outcome)> ended_;
  RunLog log_;
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
