// Every occurrence is accounted for: the ledger opens an account for each as the clock passes its time, by
// the schedules in force alone, and closes it with the row that is committed for it.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/time/instant.h"
#include "supervisor/job/job_table.h"
#include "supervisor/run/run.h"

namespace rota::simulation {

class OccurrenceLedger {
 public:
  // These jobs are in force from now on. The calendar of one whose schedule is the same goes on; another
  // begins, and does not outlive the process before its beginning is on disk.
  void take(const JobTable& jobs, Instant now);
  void begun(const std::vector<std::string>& job_names, Instant since);

  // The process is gone; later another starts with these jobs. One whose schedule was changed in between
  // may fire what has passed of it, and need not.
  void end_process();
  void start(const JobTable& jobs, Instant now);

  // The clock has gone on, or was set forward, from one to the other.
  void passed(Instant from, Instant to);

  // A row is asked for. What is due soon may have its row early, and what was due when it was asked for may
  // have it whatever calendar there is by then.
  void asked(const Run& row, Instant now);

  // A row was committed.
  void recorded(const Run& row);

  // Nothing more is on its way: all that have passed must have their row, but those that a clock set back
  // has made to come again.
  void check_settled(Instant now) const;

 private:
  using Occurrence = std::pair<std::string, Instant>;
  struct Calendar {
    Schedule schedule;
    std::chrono::seconds offset{0};
    bool begun = false;  // on disk
    Instant since{};
    // The next one after the clock was here, so that not every step asks the schedule.
    std::optional<Instant> from{};
    std::optional<Instant> next{};
    bool operator==(const Calendar& other) const {
      return schedule == other.schedule && offset == other.offset;
    }
  };

  void forget_what_is_to_come(const std::string& name, Instant now);
  std::optional<Instant> next_due(Calendar& calendar, Instant after);
  bool is_covered(const Occurrence& occurrence) const;
  bool is_forgiven(const Occurrence& occurrence) const;

  std::map<std::string, Calendar> calendars_;
  // Of each job the times, end excluded, for which one row stands.
  std::map<std::string, std::vector<std::pair<Instant, Instant>>> covered_;
  // Of each job until when it need not have been due for a row.
  std::map<std::string, Instant> forgiven_;
  std::set<std::string> on_disk_;
  bool has_process_ = false;
  // Jobs that had a fixed delay at some time: its occurrences are on no calendar.
  std::set<std::string> delayed_;
  // With when each was due, by the calendar of that time: a later one may have another offset.
  std::map<Occurrence, Instant> open_;
  // Asked for in their time or a little before, and not on disk yet.
  std::set<Occurrence> asked_;
  std::set<Occurrence> accounted_;
};

}  // namespace rota::simulation
