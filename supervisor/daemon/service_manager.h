// Tells systemd how the daemon fares, sd_notify(3): that it is ready, reads its configuration
// anew, stops; what it does, in a line; and that its event loop turns. Where no service
// manager listens ($NOTIFY_SOCKET is not set) nothing of this does anything. Event loop's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "supervisor/daemon/notify_socket.h"

namespace rota {

class ServiceManager {
 public:
  // `status` answers what the daemon does, in a line; it is asked in `ready`, in `stopping` and from the
  // loop.
  ServiceManager(boost::asio::io_context& loop, std::function<std::string()> status);

  // The start, or the reload, is complete. From the first time on the watchdog is fed.
  void ready();
  void reloading();
  void stopping();

  // The line may read differently now. It is said within a second, and at most once a second.
  void changed();

  // The loop turns no more, and what is left takes at most so long.
  void loop_ended(std::chrono::seconds left);

 private:
  void feed_watchdog();
  void say_status();
  std::string status_line();

  boost::asio::io_context& loop_;
  std::function<std::string()> status_;
  NotifySocket socket_;
  std::chrono::microseconds watchdog_{};  // zero: none
  boost::asio::steady_timer beat_;
  boost::asio::steady_timer pause_;
  std::string said_;
  std::chrono::steady_clock::time_point said_at_;
  bool change_pending_ = false;
  bool feeding_ = false;
};

}  // namespace rota
