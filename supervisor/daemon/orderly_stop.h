// The end of a daemon in its order: nothing more is fired, whoever was let in is answered, the runs end, and
// their outcomes reach the disk. Then the event loop ends, or earlier if it takes too long. Event loop's
// thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "supervisor/daemon/supervisor.h"
#include "supervisor/executor/executor.h"
#include "supervisor/http/http_server.h"
#include "supervisor/store/run_store.h"

namespace rota {

class OrderlyStop {
 public:
  // For answers under way and the runs. With a mail under way (31 s) and the last steps of threads after it,
  // shorter than TimeoutStopSec in rotad.service.
  static constexpr std::chrono::seconds kLimit{80};

  // They outlive the stop.
  struct Parts {
    boost::asio::io_context& loop;
    Supervisor& supervisor;
    const RunStore& store;
    const Executor& processes;
    const Executor& threads;
    std::function<void()> begins;  // has_begun() is true from now on
  };
  explicit OrderlyStop(Parts parts)
      : parts_{std::move(parts)}, limit_{parts_.loop}, database_limit_{parts_.loop} {}

  // Once. The servers outlive the event loop's turning.
  void begin(const std::vector<HttpServer*>& servers);

  bool has_begun() const { return has_begun_; }

  // Every run has its end, on disk unless the database could not be written.
  bool is_complete() const { return is_complete_; }

 private:
  void server_stopped();
  void complete();
  void give_up_on_database();

  Parts parts_;
  boost::asio::steady_timer limit_;
  boost::asio::steady_timer database_limit_;
  std::size_t open_servers_ = 0;
  bool has_begun_ = false;
  bool is_complete_ = false;
};

}  // namespace rota
