// A wake-up at an instant of the real-time clock, exact and without polling: a
// timerfd that also fires when the clock is set, see timerfd_create(2). For the
// event loop's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <optional>

#include "common/time/instant.h"

namespace rota {

class WakeUpTimer {
 public:
  // `woken` is called at every instant that was armed and whenever the clock was
  // set. Throws std::system_error if the kernel gives no timer.
  WakeUpTimer(boost::asio::io_context& loop, std::function<void()> woken);

  // Replaces what was armed before; an instant that has passed fires at once,
  // nullopt leaves only the notice of a clock that is set.
  void arm(std::optional<Instant> at);

  // No more calls of `woken`.
  void stop();

 private:
  void wait();
  void wake();

  boost::asio::posix::stream_descriptor timer_;
  // What the kernel has, so that it is not told the same again.
  std::optional<std::optional<Instant>> armed_;
  std::function<void()> woken_;
};

}  // namespace rota
