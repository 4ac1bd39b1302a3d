#include "tests/simulation/dependency_rules.h"

#include <algorithm>

#include "tests/simulation/fault.h"

namespace rota::simulation {
namespace {

constexpr const char* kRule = "a job runs once each of those before it has ended";

}  // namespace

void DependencyRules::take(const JobTable& jobs, Instant now) {
  for (auto& [name, follower] : followers_)
    if (!jobs.contains(name)) follower = {{}, follower.begun, now};
  for (const auto& [name, active] : jobs) {
    Follower& follower = followers_.try_emplace(name, Follower{{}, 0, now}).first->second;
    if (follower.policy != active->terms->policies.dependencies) follower.policy_since = now;
    follower.policy = active->terms->policies.dependencies;
  }
}

void DependencyRules::seen(const std::vector<std::string>& job_names) {
  for (const std::string& name : job_names)
    if (const auto found = followers_.find(name); found != followers_.end() && found->second.begun == 0)
      found->second.begun = ++moment_;
}

void DependencyRules::inserted(const Run& row) {
  const auto found = followers_.find(row.job_name);
  if (found == followers_.end()) return;
  Follower& follower = found->second;
  // One that was asked for in the instant of a reload may have been so by what held until then.
  const bool asked_before = row.queued_at <= follower.policy_since;
  if (row.trigger == Trigger::dependency && !asked_before && !is_due(follower))
    throw Fault(kRule, row.job_name + " run " + std::to_string(row.id) + " is due, and they have not");
  if (row.trigger == Trigger::dependency || !is_final(row.state)) follower.begun = ++moment_;
}

void DependencyRules::ended(const Run& row, bool retried) {
  if (retried) return;
  if (row.state == RunState::succeeded) ends_[row.job_name].success = ++moment_;
  if (is_failure(row.state)) ends_[row.job_name].failure = ++moment_;
}

bool DependencyRules::is_due(const Follower& follower) const {
  using On = DependencyPolicy::On;
  const auto& after = follower.policy.after;
  return follower.begun != 0 && !after.empty() &&
         std::all_of(after.begin(), after.end(), [&](const std::string& name) {
           const auto found = ends_.find(name);
           if (found == ends_.end()) return false;
           const Ends& ends = found->second;
           const std::uint64_t end = follower.policy.on == On::success ? ends.success
                                     : follower.policy.on == On::failure
                                         ? ends.failure
                                         : std::max(ends.success, ends.failure);
           return end > follower.begun;
         });
}

void DependencyRules::check_settled(const std::function<bool(const std::string&)>& is_active) const {
  for (const auto& [name, follower] : followers_)
    if (is_due(follower) && !is_active(name)) throw Fault(kRule, name + " has none, and they have");
}

}  // namespace rota::simulation
