// Admission: may a run that is due start now, must it wait, or is it skipped? Pure
// rules over the runs that are active, for the event loop: the overlap rule of a job,
// the places for threads and processes, concurrency groups, priorities, and jobs that are held.
#pragma once

#include <rota/policies.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rota {

// Names one run here, from its admission to its end; given by the caller, ascending.
using Ticket = std::uint64_t;

enum class RunKind { thread, process };

// What admission must know of a run.
struct Candidate {
  std::string job_name;
  RunKind kind = RunKind::process;
  OverlapPolicy overlap = {};
  std::string group = {};     // concurrency group; empty: none
  int priority = 0;           // -100 to 100
  bool ignores_hold = false;  // a person asked for it: it starts though its job is held
};

struct Admission {
  enum class Decision { start, wait, skip };
  Decision decision = Decision::start;
  std::string reason = {};            // of a skip, in a sentence
  std::vector<Ticket> stop = {};      // runs of the job to be stopped: this one starts once they have ended
  std::vector<Ticket> replaced = {};  // runs of the job that waited, and wait no more
};

class Dispatcher {
 public:
  struct Limits {
    int threads = 1;                                      // I/O-bound runs at once
    int processes = 1;                                    // CPU-bound runs at once
    std::map<std::string, int, std::less<>> groups = {};  // runs at once of each group; others are unbounded
  };
  explicit Dispatcher(Limits limits) : limits_{std::move(limits)} {}

  // Decides over a run. One that waits starts, first come first served within a priority,
  // once its job, its group and its kind have a place. A higher priority goes first, but one
  // step of it overtakes no more than 1000 runs, so that none waits for ever. A skipped run
  // leaves nothing behind.
  Admission admit(Ticket ticket, Candidate candidate);

  // Whether `admit` would let it start at once, and at nobody's expense.
  bool would_start(const Candidate& candidate) const;

  // A run ended, or was given up before it started. Returns the waiting runs that start now.
  std::vector<Ticket> finished(Ticket ticket);

  // A thread ran past its timeout: the pool replaces it, so its place is free
  // while its job stays active and its group occupied. At most as many places as there are
  // threads are given away like this; then later runs wait. Returns as `finished` does.
  std::vector<Ticket> overdue(Ticket ticket);

  // Runs of these jobs do not start until the next call; those of a job that is not held any
  // more may start now, and are returned.
  std::vector<Ticket> hold(std::set<std::string, std::less<>> job_names);

  // Other limits from now on; what runs is not touched. Returns as `finished` does.
  std::vector<Ticket> set_limits(Limits limits);

  // Waiting or running.
  bool is_active(std::string_view job_name) const { return jobs_.contains(job_name); }
  bool waits(Ticket ticket) const;
  std::size_t waiting() const { return waiting_count_; }
  std::size_t running() const { return runs_.size() - waiting_count_; }

 private:
  struct ActiveRun {
    Candidate candidate;
    std::int64_t rank = 0;
    bool waits = false;
    bool place_given_away = false;
  };
  struct JobRuns {
    std::set<Ticket> running;
    std::set<Ticket> waiting;
  };
  // Those that wait for the same places, the next one first.
  using Line = std::set<std::pair<std::int64_t, Ticket>>;
  using LineName = std::pair<RunKind, std::string>;

  int& taken(RunKind kind) { return kind == RunKind::process ? processes_ : threads_; }
  int limit(RunKind kind) const { return kind == RunKind::process ? limits_.processes : limits_.threads; }
  bool group_has_place(const std::string& group) const;
  bool may_start(const Candidate& candidate) const;
  void occupy(Ticket ticket, ActiveRun& run);
  void leave_line(Ticket ticket, const ActiveRun& run);
  std::vector<Ticket> fill();

  Limits limits_;
  int threads_ = 0;
  int processes_ = 0;
  int given_away_ = 0;
  std::size_t waiting_count_ = 0;
  std::int64_t admitted_ = 0;
  std::map<std::string, int, std::less<>> groups_;
  std::map<LineName, Line> lines_;
  std::map<Ticket, ActiveRun> runs_;
  std::map<std::string, JobRuns, std::less<>> jobs_;
  std::set<std::string, std::less<>> held_;
};

}  // namespace rota
