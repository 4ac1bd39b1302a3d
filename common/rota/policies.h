// What a job's author and the configuration can say about how its runs are
// admitted, repeated and watched. Values only; their meaning is kept by
// supervisor/dispatch, supervisor/scheduler and supervisor/rules.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace rota {

// What becomes of a run that is due while its job is active.
struct OverlapPolicy {
  enum class Rule {
    skip,      // it is recorded as skipped
    queue,     // it waits until the job is free; at most `limit` wait
    parallel,  // it starts as long as fewer than `limit` are active, else it is skipped
    replace,   // the active run is stopped, and once it is gone this one starts
  };
  Rule rule = Rule::skip;
  int limit = 1;
  bool operator==(const OverlapPolicy&) const = default;
};

// What becomes of occurrences that passed while nobody could fire them.
struct CatchUpPolicy {
  enum class Rule {
    once,  // the latest one in the window fires
    skip,  // none fires
    all,   // the latest `limit` in the window fire, oldest first
  };
  Rule rule = Rule::once;
  int limit = 10;
  std::chrono::seconds window = std::chrono::hours{24};
  bool operator==(const CatchUpPolicy&) const = default;
};

// Whether a run that failed is tried again, as a further attempt with a row of its own.
struct RetryPolicy {
  int limit = 0;                                               // further attempts after the first
  std::chrono::milliseconds delay = std::chrono::seconds{30};  // before the second attempt
  double factor = 2;                                           // each delay is so many times the one before
  std::chrono::milliseconds longest_delay = std::chrono::hours{1};
  double jitter = 0.1;  // a delay is moved by up to this part of itself, either way
  // Which outcomes are tried again.
  bool on_failed = true;
  bool on_timed_out = true;
  bool on_crashed = true;
  bool on_lost = true;
  bool operator==(const RetryPolicy&) const = default;
};

// A job that runs once each of the jobs in `after` has ended as `on` says since the
// job's own last run began.
struct DependencyPolicy {
  enum class On { success, failure, always };
  std::vector<std::string> after;
  On on = On::success;
  bool operator==(const DependencyPolicy&) const = default;
};

struct Policies {
  OverlapPolicy overlap = {};
  CatchUpPolicy catch_up = {};
  // An occurrence fired later than this after its time is a misfire.
  std::chrono::seconds misfire_grace = std::chrono::minutes{1};
  RetryPolicy retry = {};
  DependencyPolicy dependencies = {};
  std::string group = {};  // concurrency group; empty: none
  int priority = 0;        // -100 to 100; the higher starts first among those that wait
  // Occurrences are due later by a fixed part of this window, drawn from the job's name.
  std::chrono::seconds spread{0};
  // An occurrence that has not succeeded so long after its time is announced as late.
  std::optional<std::chrono::milliseconds> finish_within = {};
  // The job is announced when its last success is older than this.
  std::optional<std::chrono::milliseconds> success_within = {};
  bool operator==(const Policies&) const = default;
};

}  // namespace rota
