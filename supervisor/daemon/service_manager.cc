#include "supervisor/daemon/service_manager.h"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstdint>
#include <utility>

namespace rota {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kBetweenLines{1};

std::chrono::microseconds watchdog_limit() {
  std::uint64_t limit = 0;
  return std::chrono::microseconds{sd_watchdog_enabled(0, &limit) > 0 ? limit : 0};
}

}  // namespace

ServiceManager::ServiceManager(asio::io_context& loop, std::function<std::string()> status)
    : loop_{loop}, status_{std::move(status)}, watchdog_{watchdog_limit()}, beat_{loop}, pause_{loop} {}

void ServiceManager::ready() {
  if (!socket_.is_open()) return;
  socket_.send("READY=1\n" + status_line());
  if (watchdog_.count() > 0 && !std::exchange(feeding_, true)) feed_watchdog();
}

void ServiceManager::reloading() {
  if (!socket_.is_open()) return;
  // The time lets systemd (from 253 on) tell this reload from one that it had asked for before.
  const auto now =
      std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now().time_since_epoch());
  socket_.send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.count()));
}

void ServiceManager::stopping() {
  if (socket_.is_open()) socket_.send("STOPPING=1\n" + status_line());
}

void ServiceManager::changed() {
  if (!socket_.is_open() || said_.empty() || std::exchange(change_pending_, true)) return;
  pause_.expires_at(std::max(steady_clock::now(), said_at_ + kBetweenLines));
  pause_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    change_pending_ = false;
    say_status();
  });
}

void ServiceManager::loop_ended(std::chrono::seconds left) {
  if (!socket_.is_open() || watchdog_.count() == 0) return;
  // Nobody feeds the watchdog any more: it gets one last limit, for what is left.
  const auto limit = watchdog_ + left;
  socket_.send("WATCHDOG_USEC=" + std::to_string(limit.count()) + "\nWATCHDOG=1");
}

// A handler that hangs or never ends holds up every other, this timer's as well, and the watchdog goes
// hungry. The timer's expiry alone would show little: a loop that is far behind finds it due at once. So it
// joins the end of the queue, and the watchdog is fed only when all that was due before it has been handled.
void ServiceManager::feed_watchdog() {
  beat_.expires_after(watchdog_ / 2);
  beat_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    asio::post(loop_, [this] {
      socket_.send("WATCHDOG=1", NotifySocket::Patience::none);
      // Awake anyway: what no change of a run tells, a database in trouble, is said now.
      say_status();
      feed_watchdog();
    });
  });
}

void ServiceManager::say_status() {
  const std::string before = said_;
  const std::string line = status_line();
  if (said_ != before && !socket_.send(line, NotifySocket::Patience::none)) said_ = before;
}

std::string ServiceManager::status_line() {
  said_ = status_();
  said_at_ = steady_clock::now();
  return "STATUS=" + said_;
}

}  // namespace rota
