// When is which job due? A queue of next occurrences over the schedules of all
// jobs, for the event loop. Pure: it is told what time it is, and knows neither
// clock nor database, so a test can run years through it.
#pragma once

#include <rota/policies.h>
#include <rota/schedule.h>

#include <boost/container/deque.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/time/instant.h"
#include "supervisor/scheduler/calendar_queue.h"

namespace rota {

// A job as its calendar needs it.
struct ScheduledJob {
  std::string name;
  Schedule schedule;
  CatchUpPolicy catch_up = {};
  std::chrono::seconds misfire_grace = std::chrono::minutes{1};
  // Each occurrence is due so much later than its schedule says, and is recorded under the
  // schedule's own instant.
  std::chrono::seconds spread_offset{0};
};

// What becomes of one occurrence whose time has come.
struct DueOccurrence {
  enum class Kind {
    on_time,   // fires
    catch_up,  // fires late
    missed,    // does not fire; is recorded
  };
  std::string job_name;
  Instant scheduled_for{};
  Kind kind = Kind::on_time;
  // Set on one missed occurrence that stands for itself and for all later ones
  // up to this instant, which lie too far back to be listed one by one.
  std::optional<Instant> missed_through;
};

class Scheduler {
 public:
  Scheduler() = default;
  Scheduler(Scheduler&&) = default;
  Scheduler& operator=(Scheduler&&) = default;

  // Adds a job that has no entry yet. `last_occurrence` is the last one that has
  // a row: occurrences after it that have passed are misfires. Without one they are those
  // since `calendar_since`, and without that the calendar begins at `now`. A fixed delay
  // counts from the later of `last_finish` and `last_occurrence`; a job that has neither is due at once.
  void add(ScheduledJob job, Instant now, std::optional<Instant> last_occurrence,
           std::optional<Instant> last_finish, std::optional<Instant> calendar_since = std::nullopt);

  // A new configuration names the job anew: another schedule or offset begins at `now`, the same
  // one keeps its place. True if the calendar has begun.
  bool replace(ScheduledJob job, Instant now);

  // The job is due no more. Does nothing for an unknown one.
  void remove(std::string_view job_name);

  // A run of the job is active: a fixed delay waits for its end.
  void begun(std::string_view job_name);

  // A run of the job ended at `at`: the moment from which a fixed delay counts.
  void finished(std::string_view job_name, Instant at);

  // Of a missed occurrence that stands for later ones, the next of them that may stand for those after it;
  // nullopt if there is none, or the job is not known.
  std::optional<DueOccurrence> missed_after(const DueOccurrence& missed) const;

  // When `take_due` will next have something; nullopt if never.
  std::optional<Instant> next_wake_up() const;

  // The job that is due then, of several any; nullopt if none ever is. Until the scheduler is changed.
  std::optional<std::string_view> next_job() const;

  // When one job is next due; nullopt for an unknown job, one whose schedule has ended, or
  // a fixed delay that waits for its run to end.
  std::optional<Instant> next_occurrence(std::string_view job_name) const;

  // Takes out every occurrence that is due at `now`, in the order of time. Where
  // `now` lies before the call before (the clock was set back) the occurrences
  // after it come up again: those that have a row are for the store to refuse.
  std::vector<DueOccurrence> take_due(Instant now);

  // Takes out that of `next_wake_up` and `next_job` before its time. There must be one, by a calendar and not
  // by a fixed delay. Should the clock be set back before it, it comes up again as in `take_due`.
  DueOccurrence take_next();

 private:
  static constexpr Instant kNever = Instant::max();
  // A multiple of 32 bytes, so that it is never in more than two cache lines.
  struct alignas(32) Entry {
    ScheduledJob job;
    Instant next = kNever;         // when it is due; the offset is in it
    std::uint32_t generation = 0;  // a calendar item of another generation is stale
    bool removed = false;          // its place is for the next job that is added
  };
  static_assert(sizeof(Entry) <= 96);
  // Each stays in its place. In large blocks, so that the table of the blocks fits the caches of the
  // processor.
  using Entries =
      boost::container::deque<Entry, std::allocator<Entry>,
                              boost::container::deque_options_t<boost::container::block_size<128>>>;

  void take_batch(Instant now, std::vector<DueOccurrence>& due);
  void set_next(std::size_t index, std::optional<Instant> next);
  void set_item(std::size_t index, std::optional<Instant> next);
  void drop_stale_items();
  void restart_calendar(Instant now);
  std::optional<Instant> take_passed(Entry& entry, Instant now, std::vector<DueOccurrence>& due) const;

  Entries entries_;
  std::vector<std::size_t> free_entries_;
  std::map<std::string_view, std::size_t> by_name_;  // the names are those of the entries
  CalendarQueue calendar_;
  std::optional<Instant> last_now_;
};

}  // namespace rota
