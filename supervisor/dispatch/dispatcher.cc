#include "supervisor/dispatch/dispatcher.h"

#include <algorithm>
#include <utility>

namespace rota {

Admission Dispatcher::admit(Ticket ticket, std::string job_name, RunKind kind, bool allow_overlap) {
  if (!allow_overlap && is_active(job_name))
    return {Admission::Decision::skip, "the run before of " + job_name + " has not ended"};
  Places& kind_places = places(kind);
  const bool waits = kind_places.taken >= limit(kind);
  if (waits)
    kind_places.waiting.push_back(ticket);
  else
    ++kind_places.taken;
  ++active_jobs_[job_name];
  runs_.emplace(ticket, ActiveRun{std::move(job_name), kind, waits, false});
  return {waits ? Admission::Decision::wait : Admission::Decision::start, {}};
}

std::vector<Ticket> Dispatcher::finished(Ticket ticket) {
  const auto found = runs_.find(ticket);
  if (found == runs_.end()) return {};
  const ActiveRun run = std::move(found->second);
  runs_.erase(found);
  const auto job = active_jobs_.find(run.job_name);
  if (--job->second == 0) active_jobs_.erase(job);
  if (run.waits)
    std::erase(places(run.kind).waiting, ticket);
  else if (run.place_given_away)
    --given_away_;
  else
    --places(run.kind).taken;
  return fill(run.kind);
}

std::vector<Ticket> Dispatcher::overdue(Ticket ticket) {
  const auto found = runs_.find(ticket);
  if (found == runs_.end()) return {};
  ActiveRun& run = found->second;
  const bool may_give = run.kind == RunKind::thread && !run.waits && !run.place_given_away;
  if (!may_give || given_away_ >= limits_.threads) return {};
  run.place_given_away = true;
  ++given_away_;
  --threads_.taken;
  return fill(RunKind::thread);
}

std::size_t Dispatcher::waiting() const { return threads_.waiting.size() + processes_.waiting.size(); }

std::vector<Ticket> Dispatcher::fill(RunKind kind) {
  std::vector<Ticket> started;
  Places& kind_places = places(kind);
  while (kind_places.taken < limit(kind) && !kind_places.waiting.empty()) {
    const Ticket ticket = kind_places.waiting.front();
    kind_places.waiting.pop_front();
    ++kind_places.taken;
    runs_.at(ticket).waits = false;
    started.push_back(ticket);
  }
  return started;
}

}  // namespace rota
