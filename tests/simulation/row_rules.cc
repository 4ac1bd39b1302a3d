#include "tests/simulation/row_rules.h"

#include <optional>
#include <string>
#include <tuple>

#include "supervisor/store/run_row.h"
#include "tests/simulation/fault.h"

namespace rota::simulation {
namespace {

constexpr const char* kForward = "a committed row never changes except forward";
constexpr const char* kFirstOnDisk = "a run is executed once its row is on disk";
constexpr const char* kPrepared = "what is prepared is executed or abandoned";
constexpr const char* kAnnounced = "every outcome is announced once, after its commit";

auto given_once(const Run& row) {
  return std::tie(row.id, row.job_name, row.trigger, row.scheduled_for, row.attempt, row.queued_at,
                  row.parameters, row.requested_by, row.retry_of, row.not_before);
}

auto ending(const Run& row) {
  return std::tie(row.state, row.started_at, row.finished_at, row.success, row.error_type, row.error_message,
                  row.last_entry, row.log_path);
}

int progress(RunState state) { return state == RunState::queued ? 0 : state == RunState::running ? 1 : 2; }

std::string words(const Run& row) { return row.job_name + " run " + std::to_string(row.id); }

void check_change(const Run& before, const Run& after) {
  if (given_once(before) != given_once(after)) throw Fault(kForward, words(before) + " became another run");
  if (progress(after.state) < progress(before.state))
    throw Fault(kForward, words(before) + " went back to " + std::string{to_string(after.state)});
  if (is_final(before.state) && ending(before) != ending(after))
    throw Fault(kForward,
                words(before) + " had ended, and ended again as " + std::string{to_string(after.state)});
  if (before.late_since && before.late_since != after.late_since)
    throw Fault(kForward, words(before) + " is late since another time");
}

}  // namespace

Run RowRules::read(RunId id) const {
  disk_.row.with(id);
  if (!disk_.row.step()) throw Fault(kForward, "run " + std::to_string(id) + " has no row any more");
  Run run = read_run(disk_.row);
  disk_.row.reset();
  return run;
}

Run RowRules::committed(RunId id) {
  Run row = read(id);
  const auto before = rows_.find(id);
  if (before != rows_.end()) check_change(before->second, row);
  if (is_final(row.state) && (before == rows_.end() || !is_final(before->second.state)))
    unannounced_.insert(id);
  rows_.insert_or_assign(id, row);
  return row;
}

void RowRules::announced(const Run& run) {
  const Run row = read(run.id);
  if (row.state != run.state)
    throw Fault(kAnnounced, words(run) + " is announced as " + std::string{to_string(run.state)} +
                                ", and stands as " + std::string{to_string(row.state)});
  if (is_final(run.state) && unannounced_.erase(run.id) == 0)
    throw Fault(kAnnounced, words(run) + " is announced again");
}

void RowRules::prepares(RunId id) {
  if (!prepared_.insert(id).second)
    throw Fault(kPrepared, "run " + std::to_string(id) + " is prepared again");
}

void RowRules::abandons(RunId id) {
  if (prepared_.erase(id) == 0)
    throw Fault(kPrepared, "run " + std::to_string(id) + " is abandoned, and was not prepared");
}

void RowRules::given(RunId id) {
  prepared_.erase(id);
  const auto row = rows_.find(id);
  if (row == rows_.end() || row->second.state != RunState::running)
    throw Fault(kFirstOnDisk,
                "run " + std::to_string(id) + " is to be executed, and its row does not say so");
}

void RowRules::check_settled() const {
  if (!prepared_.empty())
    throw Fault(kPrepared, "run " + std::to_string(*prepared_.begin()) + " was prepared and forgotten");
  if (!unannounced_.empty())
    throw Fault(kAnnounced,
                "run " + std::to_string(*unannounced_.begin()) + " has ended, and nobody was told");
}

void RowRules::check_all() const {
  for (const auto& [id, row] : rows_) {
    const Run now = read(id);
    check_change(row, now);
    if (now.state != row.state) throw Fault(kForward, words(row) + " changed, and nobody had asked");
  }
}

}  // namespace rota::simulation
