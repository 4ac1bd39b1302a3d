#include "supervisor/daemon/wake_up_timer.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

namespace rota {
namespace {

int create_timer() {
  const int descriptor = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "timerfd_create");
  return descriptor;
}

}  // namespace

WakeUpTimer::WakeUpTimer(boost::asio::io_context& loop, std::function<void()> woken)
    : timer_{loop, create_timer()}, woken_{std::move(woken)} {
  arm(std::nullopt);
  wait();
}

void WakeUpTimer::arm(std::optional<Instant> at) {
  if (armed_ == std::optional{at}) return;
  // A zero it_value would disarm the timer, and with it the notice of a set clock.
  constexpr auto kFarAway = std::chrono::years{100};
  const Instant instant =
      at.value_or(std::chrono::ceil<std::chrono::milliseconds>(std::chrono::system_clock::now() + kFarAway));
  const auto since_epoch = instant.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  itimerspec setting{};
  setting.it_value.tv_sec = seconds.count();
  setting.it_value.tv_nsec = std::chrono::nanoseconds{since_epoch - seconds}.count();
  if (setting.it_value.tv_sec <= 0) setting.it_value = {0, 1};
  if (timerfd_settime(timer_.native_handle(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &setting,
                      nullptr) != 0) {
    if (errno != ECANCELED) throw std::system_error(errno, std::generic_category(), "timerfd_settime");
    // The timer is set, but the notice of a set clock that it had was taken by this call.
    boost::asio::post(timer_.get_executor(), [this] { wake(); });
  }
  armed_ = at;
}

void WakeUpTimer::wake() {
  armed_.reset();
  if (woken_) woken_();
}

void WakeUpTimer::stop() {
  woken_ = nullptr;
  boost::system::error_code ignored;
  timer_.close(ignored);
}

void WakeUpTimer::wait() {
  timer_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [this](const boost::system::error_code& error) {
                      if (error || !woken_) return;
                      std::uint64_t expirations = 0;
                      // ECANCELED is how the kernel says that the clock was set: a wake-up like any other.
                      const auto got = ::read(timer_.native_handle(), &expirations, sizeof expirations);
                      const bool spurious = got < 0 && errno == EAGAIN;
                      if (!spurious) wake();
                      if (woken_) wait();
                    });
}

}  // namespace rota
