// Retries that wait for their time. Pure, for the event loop.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "common/time/clock_watch.h"
#include "supervisor/run/run.h"

namespace rota {

class PendingRetries {
 public:
  // `row` has an id, `queued_at` and `not_before`.
  void add(Run row, Instant now);

  // Takes out those whose time has come, in the order of time. Where `now` lies before the call before
  // (the clock was set back) none waits longer from now than it was to wait at all.
  std::vector<Run> take_due(Instant now);
  // Takes out one; nullopt if it does not wait here.
  std::optional<Run> take(RunId id);
  void clear();

  // When `take_due` will next have something; nullopt if never.
  std::optional<Instant> next_at() const;
  std::size_t size() const { return rows_.size(); }

 private:
  void note(Instant now);

  ClockWatch clock_;
  std::map<RunId, Run> rows_;
  std::set<std::pair<Instant, RunId>> order_;
};

}  // namespace rota
