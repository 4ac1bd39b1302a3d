// What should have happened by now and has not: an occurrence that is not finished in
// time, also if it never started, and a job whose last success is too old. Pure, for the
// event loop.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "common/time/clock_watch.h"
#include "common/time/instant.h"

namespace rota {

struct Lateness {
  enum class Kind {
    unfinished,  // the occurrence of `since` should be finished
    stale,       // the last success, or the first sight of the job, was at `since`
  };
  std::string job_name;
  Kind kind = Kind::unfinished;
  Instant since{};
  std::chrono::milliseconds limit{};
};

class Deadlines {
 public:
  // The occurrence should be finished `limit` after `due_at`.
  void expect(std::string_view job_name, Instant scheduled_for, Instant due_at,
              std::chrono::milliseconds limit);

  // The occurrence has come to its end, or will never come to one that anybody waits for.
  void settled(std::string_view job_name, Instant scheduled_for);

  // From now on the job should have a success not older than `limit`; nullopt ends that.
  // `last_success` is the latest, or the first sight of a job that had none; `told` says that
  // people know already that it is too old.
  void watch(std::string_view job_name, Instant last_success, std::optional<std::chrono::milliseconds> limit,
             bool told);

  // The job has succeeded.
  void succeeded(std::string_view job_name, Instant at);

  // Nothing is expected of the job any more.
  void forget(std::string_view job_name);

  // When `take_late` will next have something; nullopt if never.
  std::optional<Instant> next_wake_up() const;

  // Everything that is late at `now` and has not been answered before, in the order of time. Where `now` lies
  // before the call before (the clock was set back) nothing has longer from now than its limit.
  std::vector<Lateness> take_late(Instant now);

 private:
  void shorten_limits(Instant now);

  struct Watched {
    Instant last_success{};
    std::chrono::milliseconds limit{};
    bool told = false;
  };
  using Occurrence = std::pair<std::string, Instant>;
  struct Expected {
    Instant late_at{};
    std::chrono::milliseconds limit{};
  };

  ClockWatch clock_;
  std::map<Occurrence, Expected> expected_;
  std::map<std::string, Watched, std::less<>> watched_;
  std::set<std::tuple<Instant, Lateness::Kind, std::string, Instant>> order_;
};

}  // namespace rota
