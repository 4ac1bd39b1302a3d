// The event loop as the notifier sees it, so that this folder needs no Asio.
#pragma once

#include <chrono>
#include <functional>

#include "common/time/instant.h"

namespace rota {

struct Loop {
  // Runs a function on the loop's thread; callable from any thread.
  std::function<void(std::function<void()>)> post;
  // Runs a function after a time; called and run on the loop's thread.
  std::function<void(std::chrono::milliseconds, std::function<void()>)> after;
  std::function<Instant()> now;
};

}  // namespace rota
