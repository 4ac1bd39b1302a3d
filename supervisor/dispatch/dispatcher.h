// Admission: may a due run start now, must it wait, or is it skipped? Pure rules
// over the runs that are active, for the event loop.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rota {

// Names one run here, from its admission to its end; given by the caller.
using Ticket = std::uint64_t;

enum class RunKind { thread, process };

struct Admission {
  enum class Decision { start, wait, skip };
  Decision decision = Decision::start;
  std::string reason;  // of a skip, in a sentence
};

class Dispatcher {
 public:
  struct Limits {
    int threads = 1;    // I/O-bound runs at once
    int processes = 1;  // CPU-bound runs at once
  };
  explicit Dispatcher(Limits limits) : limits_{limits} {}

  // Decides over a run of the job. A run whose job is already active is skipped
  // unless `allow_overlap`; one that finds all places of its kind taken waits.
  // A skipped run leaves nothing behind.
  Admission admit(Ticket ticket, std::string job_name, RunKind kind, bool allow_overlap);

  // A run ended, or was given up before it started. Returns the waiting runs
  // that start now, first come first served.
  std::vector<Ticket> finished(Ticket ticket);

  // A thread ran past its timeout: the pool replaces it, so its place is free
  // while its job stays active. At most as many places as there are threads
  // are given away like this; then later runs wait. Returns as `finished` does.
  std::vector<Ticket> overdue(Ticket ticket);

  // Waiting or running.
  bool is_active(std::string_view job_name) const { return active_jobs_.contains(job_name); }
  std::size_t waiting() const;

 private:
  struct ActiveRun {
    std::string job_name;
    RunKind kind = RunKind::thread;
    bool waits = false;
    bool place_given_away = false;
  };
  struct Places {
    int taken = 0;
    std::deque<Ticket> waiting;
  };

  Places& places(RunKind kind) { return kind == RunKind::process ? processes_ : threads_; }
  int limit(RunKind kind) const { return kind == RunKind::process ? limits_.processes : limits_.threads; }
  std::vector<Ticket> fill(RunKind kind);

  Limits limits_;
  Places threads_;
  Places processes_;
  int given_away_ = 0;
  std::map<Ticket, ActiveRun> runs_;
  std::map<std::string, int, std::less<>> active_jobs_;
};

}  // namespace rota
