#include "supervisor/cli/run_tracker.h"

#include <algorithm>

#include "supervisor/cli/json_fields.h"
#include "supervisor/run/run.h"

namespace rota {
namespace {

std::int64_t id_of(const boost::json::object& run) { return number_member(run, "id").value_or(0); }

}  // namespace

void RunTracker::note(const boost::json::object& run) {
  const std::string state = text_member(run, "state");
  const auto known = parse_run_state(state);
  newest_ = std::max(newest_, id_of(run));
  if (known && is_final(*known))
    active_.erase(id_of(run));
  else
    active_[id_of(run)] = state;
}

std::vector<boost::json::object> RunTracker::take(std::vector<boost::json::object> runs) {
  std::sort(runs.begin(), runs.end(),
            [](const auto& left, const auto& right) { return id_of(left) < id_of(right); });
  std::vector<boost::json::object> changed;
  for (auto& run : runs) {
    const auto seen = active_.find(id_of(run));
    const bool is_new = id_of(run) > newest_;
    if (!is_new && (seen == active_.end() || seen->second == text_member(run, "state"))) continue;
    note(run);
    changed.push_back(std::move(run));
  }
  return changed;
}

std::vector<std::int64_t> RunTracker::active() const {
  std::vector<std::int64_t> ids;
  ids.reserve(active_.size());
  for (const auto& [id, state] : active_) ids.push_back(id);
  return ids;
}

}  // namespace rota
