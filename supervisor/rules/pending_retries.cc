#include "supervisor/rules/pending_retries.h"

#include <algorithm>
#include <utility>

namespace rota {

namespace {

Instant latest_start(const Run& row, Instant now) {
  const Instant not_before = row.not_before.value();
  return std::min(not_before, now + std::max(not_before - row.queued_at, Instant::duration{0}));
}

}  // namespace

void PendingRetries::add(Run row, Instant now) {
  note(now);
  row.not_before = latest_start(row, now);
  order_.emplace(*row.not_before, row.id);
  rows_.emplace(row.id, std::move(row));
}

void PendingRetries::note(Instant now) {
  if (!clock_.was_set_back(now)) return;
  order_.clear();
  for (auto& [id, row] : rows_) {
    row.not_before = latest_start(row, now);
    order_.emplace(*row.not_before, id);
  }
}

std::vector<Run> PendingRetries::take_due(Instant now) {
  note(now);
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
