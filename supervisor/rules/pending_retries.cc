#include "supervisor/rules/pending_retries.h"

namespace rota {

void PendingRetries::add(Run row) {
  order_.emplace(row.not_before.value(), row.id);
  rows_.emplace(row.id, std::move(row));
}

std::vector<Run> PendingRetries::take_due(Instant now) {
  std::vector<Run> due;
  while (!order_.empty() && order_.begin()->first <= now) {
    due.push_back(std::move(rows_.extract(order_.begin()->second).mapped()));
    order_.erase(order_.begin());
  }
  return due;
}

std::optional<Run> PendingRetries::take(RunId id) {
  const auto found = rows_.find(id);
  if (found == rows_.end()) return std::nullopt;
  Run row = std::move(found->second);
  rows_.erase(found);
  order_.erase({row.not_before.value(), id});
  return row;
}

void PendingRetries::clear() {
  rows_.clear();
  order_.clear();
}

std::optional<Instant> PendingRetries::next_at() const {
  if (order_.empty()) return std::nullopt;
  return order_.begin()->first;
}

}  // namespace rota
