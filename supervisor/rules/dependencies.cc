#include "supervisor/rules/dependencies.h"

#include <algorithm>
#include <utility>

namespace rota {
namespace {

using On = DependencyPolicy::On;

Sequence last_end(On on, const Dependencies::Past& past) {
  switch (on) {
    case On::success:
      return past.success;
    case On::failure:
      return past.failure;
    case On::always:
      break;
  }
  return std::max(past.success, past.failure);
}

}  // namespace

Dependencies::Marks& Dependencies::marks_of(std::string_view job_name) {
  const auto place = marks_.lower_bound(job_name);
  if (place != marks_.end() && place->first == job_name) return place->second;
  return marks_.emplace_hint(place, job_name, Marks{})->second;
}

void Dependencies::remember(std::string_view job_name, const Past& past) {
  marks_of(job_name) = {past, past.begun};
  latest_ = std::max({latest_, past.begun, past.success, past.failure});
}

void Dependencies::set(std::map<std::string, DependencyPolicy, std::less<>> policies) {
  policies_ = std::move(policies);
  followers_.clear();
  for (const auto& [name, policy] : policies_)
    for (const std::string& other : policy.after) followers_[other].push_back(name);
}

bool Dependencies::is_due(std::string_view job_name, const DependencyPolicy& policy) const {
  const auto own = marks_.find(job_name);
  const Sequence begun = own == marks_.end() ? 0 : own->second.begun;
  return !policy.after.empty() &&
         std::all_of(policy.after.begin(), policy.after.end(), [&](const std::string& other) {
           const auto found = marks_.find(other);
           return found != marks_.end() && last_end(policy.on, found->second) > begun;
         });
}

std::vector<std::string> Dependencies::due() const {
  std::vector<std::string> names;
  for (const auto& [name, policy] : policies_)
    if (is_due(name, policy)) names.push_back(name);
  return names;
}

std::vector<std::string> Dependencies::ended(std::string_view job_name, RunState state) {
  if (state != RunState::succeeded && !is_failure(state)) return {};
  Marks& marks = marks_of(job_name);
  (state == RunState::succeeded ? marks.success : marks.failure) = ++latest_;
  std::vector<std::string> due;
  const auto followers = followers_.find(job_name);
  if (followers == followers_.end()) return due;
  for (const std::string& name : followers->second) {
    const DependencyPolicy& policy = policies_.find(name)->second;
    if (last_end(policy.on, marks) == latest_ && is_due(name, policy)) due.push_back(name);
  }
  return due;
}

void Dependencies::begun(std::string_view job_name) {
  Marks& marks = marks_of(job_name);
  marks.begun_before = std::exchange(marks.begun, ++latest_);
}

std::vector<std::string> Dependencies::refused(std::string_view job_name) {
  Marks& marks = marks_of(job_name);
  marks.begun = marks.begun_before;
  const auto policy = policies_.find(job_name);
  if (policy == policies_.end() || !is_due(job_name, policy->second)) return {};
  return {policy->first};
}

}  // namespace rota
