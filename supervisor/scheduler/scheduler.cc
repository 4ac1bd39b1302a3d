#include "supervisor/scheduler/scheduler.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rota {
namespace {

std::optional<Instant> occurrence_after(const Schedule& schedule, Instant after) {
  const auto next = schedule.next_after(std::chrono::floor<std::chrono::seconds>(after));
  if (!next) return std::nullopt;
  return Instant{*next};
}

}  // namespace

void Scheduler::add(std::string job_name, Schedule schedule, Instant now,
                    std::optional<Instant> last_occurrence, std::optional<Instant> last_finish) {
  const auto index = entries_.size();
  if (!by_name_.emplace(job_name, index).second)
    throw std::logic_error("the scheduler already has a job named " + job_name);
  std::optional<Instant> next;
  if (schedule.counts_from_finish()) {
    next = last_finish ? occurrence_after(schedule, std::min(*last_finish, now)) : now;
  } else {
    // A last occurrence after `now` was recorded under a clock that was ahead.
    next = occurrence_after(schedule, std::min(last_occurrence.value_or(now), now));
  }
  entries_.push_back({std::move(job_name), std::move(schedule), std::nullopt, 0});
  set_next(index, next);
}

void Scheduler::finished(std::string_view job_name, Instant at) {
  const auto found = by_name_.find(job_name);
  if (found == by_name_.end()) return;
  const Entry& entry = entries_[found->second];
  if (entry.schedule.counts_from_finish()) set_next(found->second, occurrence_after(entry.schedule, at));
}

std::optional<Instant> Scheduler::next_wake_up() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.top().at;
}

std::optional<Instant> Scheduler::next_occurrence(std::string_view job_name) const {
  const auto found = by_name_.find(job_name);
  return found == by_name_.end() ? std::nullopt : entries_[found->second].next;
}

std::vector<DueOccurrence> Scheduler::take_due(Instant now) {
  if (last_now_ && now < *last_now_) restart_calendar(now);
  last_now_ = now;
  std::vector<DueOccurrence> due;
  while (!heap_.empty() && heap_.top().at <= now) {
    const auto index = heap_.top().entry;
    set_next(index, take_passed(entries_[index], now, due));
  }
  std::stable_sort(due.begin(), due.end(), [](const DueOccurrence& left, const DueOccurrence& right) {
    return left.scheduled_for < right.scheduled_for;
  });
  return due;
}

void Scheduler::set_next(std::size_t index, std::optional<Instant> next) {
  Entry& entry = entries_[index];
  entry.next = next;
  ++entry.generation;
  if (next) heap_.push({*next, index, entry.generation});
  drop_stale_items();
}

void Scheduler::drop_stale_items() {
  while (!heap_.empty() && heap_.top().generation != entries_[heap_.top().entry].generation) heap_.pop();
}

void Scheduler::restart_calendar(Instant now) {
  for (std::size_t index = 0; index < entries_.size(); ++index) {
    const Entry& entry = entries_[index];
    if (!entry.schedule.counts_from_finish()) {
      set_next(index, occurrence_after(entry.schedule, now));
    } else if (entry.next) {
      // The delay was counted on the clock that has gone; the new one cannot know how much of it has passed.
      const auto from_now = occurrence_after(entry.schedule, now);
      set_next(index, from_now ? std::min(*entry.next, *from_now) : entry.next);
    }
  }
}

// Appends what becomes of the entry's occurrences up to `now`; returns its next one.
std::optional<Instant> Scheduler::take_passed(Entry& entry, Instant now,
                                              std::vector<DueOccurrence>& due) const {
  using Kind = DueOccurrence::Kind;
  Instant at = entry.next.value();
  if (entry.schedule.counts_from_finish()) {
    due.push_back({entry.job_name, at, Kind::on_time, std::nullopt});
    return std::nullopt;
  }
  const Instant window_start = now - rules_.catch_up_window;
  if (at < window_start) {
    const auto in_window = occurrence_after(entry.schedule, window_start - std::chrono::seconds{1});
    due.push_back({entry.job_name, at, Kind::missed, window_start});
    if (!in_window || *in_window > now) return in_window;
    at = *in_window;
  }
  std::optional<std::size_t> latest_misfire;
  for (std::optional<Instant> next = at; next; next = occurrence_after(entry.schedule, at)) {
    if (*next > now) {
      if (latest_misfire) due[*latest_misfire].kind = Kind::catch_up;
      return next;
    }
    at = *next;
    const bool misfire = now - at > rules_.grace;
    if (misfire) latest_misfire = due.size();
    due.push_back({entry.job_name, at, misfire ? Kind::missed : Kind::on_time, std::nullopt});
  }
  if (latest_misfire) due[*latest_misfire].kind = Kind::catch_up;
  return std::nullopt;
}

}  // namespace rota
