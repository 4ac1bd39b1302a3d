// What one process of the supervisor holds: the real parts, with the simulation at their doors. Its end
// without further ado is a crash.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "supervisor/daemon/supervisor.h"
#include "supervisor/notify/notifier.h"
#include "tests/simulation/simulated_carrier.h"
#include "tests/simulation/simulated_executor.h"
#include "tests/simulation/simulated_store.h"
#include "tests/simulation/simulation.h"

namespace rota::simulation {

struct ProcessParts {
  Disk& disk;
  Timeline& timeline;
  Random& random;
  MailRules& mails;
};

struct Simulation::Process {
  Process(Watcher& watcher, ProcessParts parts, const std::vector<AlarmState>& alarms, JobTable jobs,
          Dispatcher::Limits limits, std::function<void(std::optional<Instant>)> wake_at,
          const SimulatedExecutor::Watch& watch)
      : store{parts.disk, parts.timeline, parts.random, watcher},
        carrier{parts.timeline, parts.random, parts.mails},
        notifier{{mail(), "simulated"}, store, carrier, alarms, loop(parts.timeline)},
        processes{SimulatedExecutor::Kind::processes, parts.timeline, parts.random, watch},
        threads{SimulatedExecutor::Kind::threads, parts.timeline, parts.random, watch},
        supervisor{{store, notifier, processes, threads,
                    [&timeline = parts.timeline] { return timeline.now(); }, "/nonexistent"},
                   std::move(jobs),
                   std::move(limits),
                   std::move(wake_at)} {}

  static Loop loop(Timeline& timeline) {
    const auto after = [&timeline](std::chrono::milliseconds delay, std::function<void()> function) {
      timeline.after(delay, Timeline::Owner::process, "timer of the notifier", std::move(function));
    };
    return {[after](std::function<void()> function) { after({}, std::move(function)); }, after,
            [&timeline] { return timeline.now(); }};
  }

  static MailConfiguration mail() {
    MailConfiguration mail;
    mail.enabled = true;
    mail.from = "rota@example.org";
    mail.to = {"reader@example.org"};
    mail.summary_period = std::chrono::hours{6};
    return mail;
  }

  SimulatedStore store;
  SimulatedCarrier carrier;
  Notifier notifier;
  SimulatedExecutor processes;
  SimulatedExecutor threads;
  Supervisor supervisor;
};

}  // namespace rota::simulation
