// How full the places are: for each quarter of an hour and each kind of run, the time
// that its runs take, the most at once, and the most that wait. For the simulation, which
// tells it of every start and end in the order of time. Pure.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <vector>

#include "common/time/instant.h"
#include "supervisor/dispatch/dispatcher.h"

namespace rota {

inline constexpr std::chrono::minutes kLoadSlot{15};

struct KindLoad {
  std::chrono::milliseconds busy{0};  // summed over the runs
  int most_at_once = 0;
  int most_waiting = 0;
};

struct LoadSlot {
  Instant begin{};  // whole quarters of an hour; the first one may hold time before the forecast
  KindLoad threads;
  KindLoad processes;

  const KindLoad& of(RunKind kind) const { return kind == RunKind::process ? processes : threads; }
  KindLoad& of(RunKind kind) { return kind == RunKind::process ? processes : threads; }
};

class LoadMeter {
 public:
  LoadMeter(Instant from, Instant to);

  // So many more or fewer (negative) runs of the kind run or wait from `now` on. `now` never
  // goes back; what comes after the end is left out.
  void running(Instant now, RunKind kind, int more);
  void waiting(Instant now, RunKind kind, int more);

  // Counts what still runs up to the end. To be called once, last.
  std::vector<LoadSlot> finish();

 private:
  struct Now {
    int running = 0;
    int waiting = 0;
  };
  Now& now_of(RunKind kind) { return kind == RunKind::process ? processes_ : threads_; }
  void advance(Instant now);
  void note_most();

  std::vector<LoadSlot> slots_;
  std::size_t slot_ = 0;  // the one that holds `reached_`
  Instant reached_;
  Instant to_;
  Now threads_;
  Now processes_;
};

}  // namespace rota
