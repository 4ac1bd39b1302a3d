#include "supervisor/store/store_reader.h"

#include <spdlog/spdlog.h>

#include <limits>
#include <string>
#include <utility>

#include "supervisor/store/run_row.h"

namespace rota {
namespace {

std::vector<Run> all_runs(Statement& statement) {
  std::vector<Run> runs;
  while (statement.step()) runs.push_back(read_run(statement));
  return runs;
}

std::string select_from_runs(const std::string& condition) {
  return std::string{"SELECT "} + kRunColumns + " FROM scheduled_job_runs WHERE " + condition;
}

// The lowest id that was queued at `since` or later, or one above all. Ids ascend with time, so
// bisection finds it without an index; a clock set back makes it one of several such places.
RunId first_since(Connection& connection, Instant since) {
  Statement newest{connection, "SELECT max(id) FROM scheduled_job_runs"};
  Statement next{connection,
                 "SELECT id, queued_at FROM scheduled_job_runs WHERE id >= ?1 ORDER BY id LIMIT 1"};
  RunId low = 1;
  RunId high = newest.step() ? newest.integer(0) + 1 : low;
  while (low < high) {
    const RunId middle = low + (high - low) / 2;
    if (!next.with(middle).step() || next.instant(1) >= since)
      high = middle;
    else
      low = next.integer(0) + 1;
  }
  return low;
}

// With both a job and a state SQLite would have to guess which of their indexes is the better; a
// unary + keeps it from one: https://www.sqlite.org/optoverview.html
std::string condition_for(const RunQuery& query) {
  std::string condition = "id < ?1 AND id >= ?2 AND queued_at >= ?3";
  if (!query.job_name) return query.state ? condition + " AND state = ?5" : condition;
  if (!query.state) return condition + " AND job_name = ?4";
  switch (*query.state) {
    case RunState::queued:
    case RunState::running:
      return condition + " AND +job_name = ?4 AND state = ?5";
    case RunState::succeeded:
      return condition + " AND job_name = ?4 AND +state = ?5";
    default:
      return condition +
             " AND job_name = ?4 AND state = ?5 AND state <> 'queued' AND state <> 'running' AND state <> "
             "'succeeded'";
  }
}

}  // namespace

SqliteRunStore::Reader::Reader(const std::filesystem::path& file,
                               std::function<void(std::function<void()>)> post)
    : file_{file},
      connection_{file, Connection::Access::read_only},
      post_{std::move(post)},
      thread_{[this](const std::vector<Request>& group) {
        for (const Request& request : group) thread_.until_there_is_memory(request);
      }} {}

void SqliteRunStore::Reader::try_to(const std::function<void()>& read) {
  const std::string what = "database " + file_.string() + ": cannot be read: ";
  try {
    read();
    set_trouble({});
  } catch (const SqliteError& error) {
    set_trouble(what + error.what() + "; " + error.advice());
  } catch (const std::exception& error) {
    set_trouble(what + error.what());
  }
}

void SqliteRunStore::Reader::set_trouble(std::string trouble) {
  const std::lock_guard lock{mutex_};
  if (!trouble.empty() && trouble != trouble_) spdlog::error("{}", trouble);
  if (trouble.empty() && !trouble_.empty()) spdlog::info("database {}: can be read again", file_.string());
  trouble_ = std::move(trouble);
}

std::string SqliteRunStore::Reader::trouble() {
  const std::lock_guard lock{mutex_};
  if (!trouble_.empty() && !std::exchange(trying_again_, true))
    thread_.add([this] {
      try_to([this] { Statement{connection_, "SELECT max(id) FROM scheduled_job_runs"}.run(); });
      const std::lock_guard again{mutex_};
      trying_again_ = false;
    });
  return trouble_;
}

std::optional<Run> select_run(Connection& connection, RunId id) {
  Statement statement{connection, select_from_runs("id = ?1")};
  if (!statement.with(id).step()) return std::nullopt;
  return read_run(statement);
}

std::vector<Run> select_runs(Connection& connection, const RunQuery& query) {
  const RunId first = query.since ? first_since(connection, *query.since) : 0;
  Statement statement{connection, select_from_runs(condition_for(query) + " ORDER BY id DESC LIMIT ?6")};
  const std::optional<std::string> state =
      query.state ? std::optional{std::string{to_string(*query.state)}} : std::nullopt;
  statement.with(query.before.value_or(std::numeric_limits<RunId>::max()), first,
                 query.since.value_or(Instant::min()), query.job_name, state, query.limit);
  return all_runs(statement);
}

SqliteRunStore::Recovery select_unfinished(Connection& connection, Instant now) {
  Statement in_state{connection, select_from_runs("state = ?1 ORDER BY id")};
  SqliteRunStore::Recovery recovery;
  recovery.lost = all_runs(in_state.with(to_string(RunState::running)));
  for (Run& run : recovery.lost) {
    run.state = RunState::lost;
    run.finished_at = now;
    run.success = false;
    run.error_type = "lost";
    run.error_message = "the supervisor went down while it ran";
  }
  recovery.queued = all_runs(in_state.with(to_string(RunState::queued)));
  return recovery;
}

}  // namespace rota
