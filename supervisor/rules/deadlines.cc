#include "supervisor/rules/deadlines.h"

#include <algorithm>
#include <utility>

namespace rota {

using Kind = Lateness::Kind;

void Deadlines::expect(std::string_view job_name, Instant scheduled_for, Instant due_at,
                       std::chrono::milliseconds limit) {
  const Occurrence occurrence{job_name, scheduled_for};
  if (!expected_.emplace(occurrence, Expected{due_at + limit, limit}).second) return;
  order_.emplace(due_at + limit, Kind::unfinished, occurrence.first, scheduled_for);
}

void Deadlines::settled(std::string_view job_name, Instant scheduled_for) {
  const auto found = expected_.find({std::string{job_name}, scheduled_for});
  if (found == expected_.end()) return;
  order_.erase({found->second.late_at, Kind::unfinished, found->first.first, scheduled_for});
  expected_.erase(found);
}

void Deadlines::watch(std::string_view job_name, Instant last_success,
                      std::optional<std::chrono::milliseconds> limit, bool told) {
  std::string name{job_name};
  if (const auto found = watched_.find(name); found != watched_.end()) {
    order_.erase({found->second.last_success + found->second.limit, Kind::stale, name, Instant{}});
    watched_.erase(found);
  }
  if (!limit) return;
  if (!told) order_.emplace(last_success + *limit, Kind::stale, name, Instant{});
  watched_.emplace(std::move(name), Watched{last_success, *limit, told});
}

void Deadlines::succeeded(std::string_view job_name, Instant at) {
  const auto found = watched_.find(job_name);
  if (found != watched_.end()) watch(job_name, at, found->second.limit, false);
}

void Deadlines::forget(std::string_view job_name) {
  watch(job_name, {}, std::nullopt, false);
  const std::string name{job_name};
  for (auto each = expected_.lower_bound({name, Instant::min()});
       each != expected_.end() && each->first.first == name;) {
    order_.erase({each->second.late_at, Kind::unfinished, name, each->first.second});
    each = expected_.erase(each);
  }
}

std::optional<Instant> Deadlines::next_wake_up() const {
  if (order_.empty()) return std::nullopt;
  return std::get<0>(*order_.begin());
}

void Deadlines::shorten_limits(Instant now) {
  order_.clear();
  for (auto& [occurrence, expected] : expected_) {
    expected.late_at = std::min(expected.late_at, now + expected.limit);
    order_.emplace(expected.late_at, Kind::unfinished, occurrence.first, occurrence.second);
  }
  for (auto& [name, watched] : watched_) {
    watched.last_success = std::min(watched.last_success, now);
    if (!watched.told) order_.emplace(watched.last_success + watched.limit, Kind::stale, name, Instant{});
  }
}

std::vector<Lateness> Deadlines::take_late(Instant now) {
  if (clock_.was_set_back(now)) shorten_limits(now);
  std::vector<Lateness> late;
  while (!order_.empty() && std::get<0>(*order_.begin()) <= now) {
    const auto [at, kind, name, scheduled_for] = *order_.begin();
    order_.erase(order_.begin());
    if (kind == Kind::unfinished) {
      const auto found = expected_.find({name, scheduled_for});
      late.push_back({name, kind, scheduled_for, found->second.limit});
      expected_.erase(found);
    } else {
      Watched& watched = watched_.at(name);
      watched.told = true;
      late.push_back({name, kind, watched.last_success, watched.limit});
    }
  }
  return late;
}

}  // namespace rota
