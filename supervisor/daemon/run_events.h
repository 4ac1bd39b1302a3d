// The one place that every committed change of a run passes, and where listeners
// hear of it. For the event loop's thread.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "supervisor/run/run.h"

namespace rota {

class RunEvents {
 public:
  using Listener = std::function<void(const Run&)>;

  // Listeners stay for the life of the supervisor.
  void listen(Listener listener) { listeners_.push_back(std::move(listener)); }

  // `run` is as its row stands on disk.
  void announce(const Run& run) const {
    for (const Listener& listener : listeners_) listener(run);
  }

 private:
  std::vector<Listener> listeners_;
};

}  // namespace rota
