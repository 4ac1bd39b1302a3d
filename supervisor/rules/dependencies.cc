#include "supervisor/rules/dependencies.h"

#include <algorithm>
#include <utility>

namespace rota {
namespace {

using On = DependencyPolicy::On;

bool counts(On on, RunState state) {
  const bool success = state == RunState::succeeded;
  switch (on) {
    case On::success:
      return success;
    case On::failure:
      return is_failure(state);
    case On::always:
      break;
  }
  return success || is_failure(state);
}

std::optional<Instant> last_end(On on, const Dependencies::Past& past) {
  switch (on) {
    case On::success:
      return past.last_success_at;
    case On::failure:
      return past.last_failure_at;
    case On::always:
      break;
  }
  return std::max(past.last_success_at, past.last_failure_at);
}

}  // namespace

void Dependencies::set(const std::map<std::string, DependencyPolicy, std::less<>>& policies,
                       const std::map<std::string, Past, std::less<>>& past) {
  const auto past_of = [&](const std::string& name) {
    const auto found = past.find(name);
    return found == past.end() ? Past{} : found->second;
  };
  const auto before = std::exchange(waiting_, {});
  followers_.clear();
  for (const auto& [name, policy] : policies) {
    if (policy.after.empty()) continue;
    for (const std::string& other : policy.after) followers_[other].push_back(name);
    const auto known = before.find(name);
    if (known != before.end() && known->second.policy == policy) {
      waiting_.emplace(name, known->second);
      continue;
    }
    Waiting waiting;
    const std::optional<Instant> begun = past_of(name).last_begun_at;
    for (const std::string& other : policy.after) {
      const std::optional<Instant> end = last_end(policy.on, past_of(other));
      // Without a run of its own every end counts.
      if (!end || (begun && *end <= *begun)) waiting.open.insert(other);
    }
    waiting.policy = policy;
    waiting.before = waiting.open;
    waiting_.emplace(name, std::move(waiting));
  }
}

std::vector<std::string> Dependencies::due() const {
  std::vector<std::string> names;
  for (const auto& [name, waiting] : waiting_)
    if (waiting.open.empty()) names.push_back(name);
  return names;
}

std::vector<std::string> Dependencies::ended(std::string_view job_name, RunState state) {
  std::vector<std::string> due;
  const auto followers = followers_.find(job_name);
  if (followers == followers_.end()) return due;
  for (const std::string& name : followers->second) {
    Waiting& waiting = waiting_.at(name);
    if (!counts(waiting.policy.on, state)) continue;
    const auto open = waiting.open.find(job_name);
    if (open != waiting.open.end()) waiting.open.erase(open);
    if (waiting.open.empty()) due.push_back(name);
  }
  return due;
}

void Dependencies::begun(std::string_view job_name) {
  const auto found = waiting_.find(job_name);
  if (found == waiting_.end()) return;
  Waiting& waiting = found->second;
  const std::vector<std::string>& after = waiting.policy.after;
  waiting.before = std::exchange(waiting.open, {after.begin(), after.end()});
}

std::vector<std::string> Dependencies::refused(std::string_view job_name) {
  const auto found = waiting_.find(job_name);
  if (found == waiting_.end()) return {};
  Waiting& waiting = found->second;
  std::erase_if(waiting.open, [&](const std::string& other) { return !waiting.before.contains(other); });
  if (!waiting.open.empty()) return {};
  return {found->first};
}

}  // namespace rota
