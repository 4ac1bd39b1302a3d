// The virtual clock and what is to happen on it. Two clocks, as on a machine: a steady one, by which
// events wait, and the real-time clock, which can be set.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "common/time/instant.h"

namespace rota::simulation {

class Timeline {
 public:
  // Whose event it is: those of the supervisor's process are gone with it.
  enum class Owner { world, process };
  using Steady = std::chrono::milliseconds;

  explicit Timeline(Instant start) : clock_{start} {}

  Instant now() const { return clock_ + steady_; }
  Steady steady() const { return steady_; }

  void after(Steady delay, Owner owner, std::string name, std::function<void()> event) {
    events_.emplace(std::pair{steady_ + std::max(delay, Steady{0}), ++last_},
                    Event{owner, std::move(name), std::move(event)});
  }

  // The real-time clock is set forward or, with a negative step, back.
  void set_clock(Steady step) { clock_ += step; }

  // Forgets all that the process had begun.
  void end_process() {
    std::erase_if(events_, [](const auto& each) { return each.second.owner == Owner::process; });
  }

  std::optional<Steady> next_at() const {
    return events_.empty() ? std::nullopt : std::optional{events_.begin()->first.first};
  }
  bool process_has_events() const {
    for (const auto& [at, event] : events_) {
      if (at.first > steady_) return false;
      if (event.owner == Owner::process) return true;
    }
    return false;
  }

  struct Event {
    Owner owner = Owner::world;
    std::string name;
    std::function<void()> happen;
  };
  // The clock stands at `at`, which is not before now and not after the next event.
  void advance(Steady at) { steady_ = at; }
  Event take() { return std::move(events_.extract(events_.begin()).mapped()); }

 private:
  Instant clock_;
  Steady steady_{0};
  std::uint64_t last_ = 0;
  std::map<std::pair<Steady, std::uint64_t>, Event> events_;
};

}  // namespace rota::simulation
