#include "supervisor/daemon/active_runs.h"

#include <utility>

namespace rota {

ActiveRun& ActiveRuns::add(Ticket ticket, Run row, std::shared_ptr<const ActiveJob> job) {
  if (row.id != 0) by_id_.emplace(row.id, ticket);
  ActiveRun& run = runs_[ticket];
  run.row = std::move(row);
  run.job = std::move(job);
  return run;
}

void ActiveRuns::set_id(Ticket ticket, RunId id) {
  runs_.at(ticket).row.id = id;
  by_id_.emplace(id, ticket);
}

void ActiveRuns::remove(Ticket ticket) {
  const auto found = runs_.find(ticket);
  by_id_.erase(found->second.row.id);
  runs_.erase(found);
}

ActiveRun* ActiveRuns::find(Ticket ticket) {
  const auto found = runs_.find(ticket);
  return found == runs_.end() ? nullptr : &found->second;
}

std::optional<Ticket> ActiveRuns::ticket_of(RunId id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? std::nullopt : std::optional{found->second};
}

const ActiveRun* ActiveRuns::with_id(RunId id) const {
  const auto ticket = ticket_of(id);
  return ticket ? &runs_.at(*ticket) : nullptr;
}

std::map<std::string_view, std::vector<RunId>> ActiveRuns::by_job() const {
  std::map<std::string_view, std::vector<RunId>> ids;
  for (const auto& [id, ticket] : by_id_) ids[runs_.at(ticket).row.job_name].push_back(id);
  return ids;
}

}  // namespace rota
