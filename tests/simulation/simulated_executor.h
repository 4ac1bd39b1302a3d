// Runs that take any time and end in any way, as the executors of processes and threads would tell it.
#pragma once

#include <map>
#include <utility>

#include "supervisor/executor/executor.h"
#include "tests/simulation/random.h"
#include "tests/simulation/timeline.h"

namespace rota::simulation {

class SimulatedExecutor : public Executor {
 public:
  enum class Kind { processes, threads };
  struct Watch {
    std::function<void(RunId)> prepared;
    std::function<void(RunId)> abandoned;
    std::function<void(RunId)> given;
    std::function<void(RunId)> started;
    std::function<void(RunId, const std::function<void()>& tell)> overdue;
  };

  SimulatedExecutor(Kind kind, Timeline& timeline, Random& random, Watch watch)
      : kind_{kind}, timeline_{timeline}, random_{random}, watch_{std::move(watch)} {}

  void prepare(const RunRequest& request) override { watch_.prepared(request.run_id); }
  void abandon(RunId run_id) override { watch_.abandoned(run_id); }
  void start(RunRequest request, RunCallbacks callbacks) override;
  void stop(RunId run_id, StopReason reason) override;
  std::size_t active() const override { return runs_.size(); }

 private:
  struct Running {
    RunRequest request;
    RunCallbacks callbacks;
    Instant started_at{};  // not set before its time
    std::optional<StopReason> stopped;
  };

  void begin(RunId id);
  void time_out(RunId id);
  void end(RunId id, RunState state);
  RunState way_to_end();

  Kind kind_;
  Timeline& timeline_;
  Random& random_;
  Watch watch_;
  std::map<RunId, Running> runs_;
};

}  // namespace rota::simulation
