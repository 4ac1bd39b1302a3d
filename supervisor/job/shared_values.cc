#include "supervisor/job/shared_values.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <utility>

namespace rota {
namespace {

constexpr std::size_t kLatest = 16;

}  // namespace

std::shared_ptr<const JobTerms> SharedValues::terms(JobTerms terms) {
  const auto found =
      std::find_if(latest_.begin(), latest_.end(), [&](const auto& each) { return *each == terms; });
  if (found != latest_.end()) return *found;
  auto made = std::make_shared<const JobTerms>(std::move(terms));
  if (latest_.size() < kLatest)
    latest_.push_back(made);
  else
    latest_[std::exchange(oldest_, (oldest_ + 1) % kLatest)] = made;
  return made;
}

// What mostly tells two schedules apart.
std::size_t SharedValues::Hash::operator()(const Schedule& schedule) const {
  const ScheduleRule& rule = schedule.rule();
  std::uint64_t hash = std::hash<std::string>{}(rule.zone) ^ std::hash<std::string>{}(rule.seed);
  for (const std::uint64_t part :
       {static_cast<std::uint64_t>(rule.unit), static_cast<std::uint64_t>(rule.low),
        static_cast<std::uint64_t>(rule.at.value_or(-1)), rule.cron.minutes, std::uint64_t{rule.cron.hours},
        std::uint64_t{rule.cron.days}})
    hash = (hash ^ part) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 32U);
}

}  // namespace rota
