#include "tests/simulation/occurrence_ledger.h"

#include <algorithm>
#include <string_view>

#include "common/time/rfc3339.h"
#include "supervisor/job/spread.h"
#include "tests/simulation/fault.h"

namespace rota::simulation {
namespace {

using std::chrono::seconds;

constexpr const char* kRule = "every occurrence is accounted for exactly once";
// In the row that stands for all that lie too far back.
constexpr std::string_view kThrough = "every later one before ";
constexpr std::size_t kInstantLength = 24;
constexpr std::chrono::milliseconds kHeadStart{10};

std::string words(const std::string& job_name, Instant scheduled_for) {
  return job_name + " at " + format_rfc3339(scheduled_for);
}

bool is_occurrence(const Run& row) {
  return row.trigger == Trigger::schedule || row.trigger == Trigger::catch_up;
}

}  // namespace

void OccurrenceLedger::take(const JobTable& jobs, Instant now) {
  for (const auto& [name, calendar] : calendars_)
    if (!jobs.contains(name)) forget_what_is_to_come(name, now);
  std::erase_if(calendars_, [&](const auto& each) { return !jobs.contains(each.first); });
  for (const auto& [name, active] : jobs) {
    if (!active->schedule || active->schedule->counts_from_finish()) {
      if (active->schedule) delayed_.insert(name);
      calendars_.erase(name);
      continue;
    }
    Calendar calendar{*active->schedule, spread_offset(name, active->terms->policies.spread)};
    const auto found = calendars_.find(name);
    if (found != calendars_.end() && found->second == calendar) continue;
    if (found != calendars_.end()) forget_what_is_to_come(name, now);
    calendar.since = now;
    calendars_.insert_or_assign(name, std::move(calendar));
  }
}

// It had passed before the clock was set back, and comes again by another calendar or not at all.
void OccurrenceLedger::forget_what_is_to_come(const std::string& name, Instant now) {
  std::erase_if(open_, [&](const auto& each) {
    const auto& [occurrence, due] = each;
    return occurrence.first == name && due > now;
  });
}

void OccurrenceLedger::begun(const std::vector<std::string>& job_names, Instant since) {
  for (const std::string& name : job_names) {
    on_disk_.insert(name);
    const auto found = calendars_.find(name);
    if (found == calendars_.end()) continue;
    found->second.begun = true;
    found->second.since = since;
  }
}

void OccurrenceLedger::end_process() {
  has_process_ = false;
  asked_.clear();
  std::erase_if(open_, [this](const auto& each) {
    const auto& [occurrence, due] = each;
    const auto calendar = calendars_.find(occurrence.first);
    return calendar != calendars_.end() && (!calendar->second.begun || due <= calendar->second.since);
  });
  std::erase_if(calendars_, [](const auto& each) { return !each.second.begun; });
}

void OccurrenceLedger::start(const JobTable& jobs, Instant now) {
  has_process_ = true;
  const std::map<std::string, Calendar> before = calendars_;
  take(jobs, now);
  for (auto& [name, calendar] : calendars_) {
    const auto old = before.find(name);
    const bool same = old != before.end() && old->second == calendar;
    if (same && calendar.since <= now) continue;
    if (!same) {
      forgiven_[name] = now;
      // On the disk the new calendar is the old one.
      calendar.begun = on_disk_.contains(name);
    }
    // It begins now, also where it had begun on a clock that was ahead.
    calendar.since = now;
    std::erase_if(open_, [&](const auto& each) { return each.first.first == name; });
  }
  // What passed on a clock that was ahead, while nobody was there to see it, is still to come; and whoever
  // has gone is asked for nothing.
  std::erase_if(open_, [&](const auto& each) {
    const auto& [occurrence, due] = each;
    return due > now || !calendars_.contains(occurrence.first);
  });
}

// When the calendar's next occurrence after `after` is due, its offset included.
std::optional<Instant> OccurrenceLedger::next_due(Calendar& calendar, Instant after) {
  if (calendar.from && *calendar.from <= after && (!calendar.next || after < *calendar.next))
    return calendar.next;
  const auto next = calendar.schedule.next_after(std::chrono::floor<seconds>(after) - calendar.offset);
  calendar.from = after;
  calendar.next = next ? std::optional{Instant{*next} + calendar.offset} : std::nullopt;
  return calendar.next;
}

void OccurrenceLedger::passed(Instant from, Instant to) {
  for (auto& [name, calendar] : calendars_)
    for (auto due = next_due(calendar, from); due && *due <= to; due = next_due(calendar, *due)) {
      const Occurrence occurrence{name, *due - calendar.offset};
      if (!has_process_ && *due <= calendar.since) continue;
      if (!accounted_.contains(occurrence) && !is_covered(occurrence)) open_.emplace(occurrence, *due);
    }
}

void OccurrenceLedger::asked(const Run& row, Instant now) {
  if (!is_occurrence(row)) return;
  const Occurrence occurrence{row.job_name, row.scheduled_for.value()};
  if (open_.contains(occurrence)) asked_.insert(occurrence);
  const auto calendar = calendars_.find(row.job_name);
  if (row.state != RunState::running || calendar == calendars_.end()) return;
  const auto due = next_due(calendar->second, now);
  if (due && *due - calendar->second.offset == occurrence.second && *due <= now + kHeadStart &&
      !accounted_.contains(occurrence))
    asked_.insert(occurrence);
}

void OccurrenceLedger::recorded(const Run& row) {
  if (!is_occurrence(row)) return;
  const Occurrence occurrence{row.job_name, row.scheduled_for.value()};
  if (!accounted_.insert(occurrence).second)
    throw Fault(kRule, words(occurrence.first, occurrence.second) + " has a second row");
  const bool was_open = open_.erase(occurrence) + asked_.erase(occurrence) > 0;
  if (!was_open && !is_covered(occurrence) && !delayed_.contains(row.job_name) && !is_forgiven(occurrence))
    throw Fault(kRule, words(occurrence.first, occurrence.second) + " has a row and was never due");
  if (const auto at = row.error_message.find(kThrough); at != std::string::npos) {
    const auto end = parse_rfc3339(row.error_message.substr(at + kThrough.size(), kInstantLength));
    covered_[row.job_name].emplace_back(occurrence.second, end.value());
    std::erase_if(open_, [this](const auto& each) { return is_covered(each.first); });
  }
}

bool OccurrenceLedger::is_covered(const Occurrence& occurrence) const {
  const auto ranges = covered_.find(occurrence.first);
  return ranges != covered_.end() &&
         std::any_of(ranges->second.begin(), ranges->second.end(), [&](const auto& range) {
           return occurrence.second >= range.first && occurrence.second < range.second;
         });
}

bool OccurrenceLedger::is_forgiven(const Occurrence& occurrence) const {
  const auto until = forgiven_.find(occurrence.first);
  return until != forgiven_.end() && occurrence.second <= until->second;
}

void OccurrenceLedger::check_settled(Instant now) const {
  for (const auto& [occurrence, due] : open_)
    if (due <= now) throw Fault(kRule, words(occurrence.first, occurrence.second) + " has no row");
}

}  // namespace rota::simulation
