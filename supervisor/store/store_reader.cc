#include "supervisor/store/store_reader.h"

#include <spdlog/spdlog.h>

#include <string>

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

Instant instant_at(const Statement& row, int column) {
  return Instant{std::chrono::milliseconds{row.integer(column)}};
}

// Steps from name to name in the index, so that its cost is that of the jobs, not of their runs.
std::vector<std::string> job_names(Connection& connection) {
  Statement next{connection, "SELECT min(job_name) FROM scheduled_job_runs WHERE job_name > ?1"};
  std::vector<std::string> names;
  std::string last = "\x01";
  while (next.with(last).step() && !next.is_null(0)) {
    last = next.text(0);
    next.reset();
    names.push_back(last);
  }
  next.reset();
  return names;
}

}  // namespace

SqliteRunStore::Reader::Reader(const std::filesystem::path& file,
                               std::function<void(std::function<void()>)> post)
    : connection_{file, Connection::Access::read_only},
      post_{std::move(post)},
      thread_{[this](const std::vector<Request>& group) { work(group); }} {}

void SqliteRunStore::Reader::work(const std::vector<Request>& group) {
  for (const Request& request : group) post_(request(connection_));
}

std::optional<Run> select_run(Connection& connection, RunId id) {
  Statement statement{connection, select_from_runs("id = ?1")};
  if (!statement.with(id).step()) return std::nullopt;
  return read_run(statement);
}

std::vector<Run> select_runs(Connection& connection, const RunQuery& query) {
  std::string condition = "id < ?1";
  if (query.job_name) condition += " AND job_name = ?2";
  if (query.state) condition += " AND state = ?3";
  Statement statement{connection, select_from_runs(condition + " ORDER BY id DESC LIMIT ?4")};
  const std::optional<std::string> state =
      query.state ? std::optional{std::string{to_string(*query.state)}} : std::nullopt;
  statement.with(query.before.value_or(std::numeric_limits<RunId>::max()), query.job_name, state,
                 query.limit);
  return all_runs(statement);
}

std::vector<Run> select_runs_in_state(Connection& connection, RunState state) {
  Statement statement{connection, select_from_runs("state = ?1 ORDER BY id")};
  statement.with(to_string(state));
  return all_runs(statement);
}

std::vector<OutboxMail> select_due_mails(Connection& connection, Instant now, int limit) {
  Statement statement{connection,
                      "SELECT id, recipients, message, attempts, next_attempt_at FROM outbox "
                      "WHERE next_attempt_at <= ?1 ORDER BY next_attempt_at, id LIMIT ?2"};
  statement.with(now, limit);
  std::vector<OutboxMail> mails;
  while (statement.step())
    mails.push_back({statement.integer(0), statement.text(1), statement.text(2),
                     static_cast<int>(statement.integer(3)), instant_at(statement, 4)});
  return mails;
}

std::vector<JobHistory> select_histories(Connection& connection) {
  Statement occurrence{connection,
                       R"(SELECT max(scheduled_for) FROM scheduled_job_runs
                          WHERE job_name = ?1 AND "trigger" IN ('schedule','catch_up'))"};
  Statement finish{
      connection,
      "SELECT finished_at FROM scheduled_job_runs WHERE job_name = ?1 AND finished_at IS NOT NULL "
      "ORDER BY id DESC LIMIT 1"};
  Statement entry{connection,
                  "SELECT last_entry FROM scheduled_job_runs WHERE job_name = ?1 "
                  "AND last_entry IS NOT NULL ORDER BY id DESC LIMIT 1"};
  std::vector<JobHistory> histories;
  for (const std::string& name : job_names(connection)) {
    JobHistory history;
    history.job_name = name;
    if (occurrence.with(name).step()) history.last_occurrence = occurrence.optional_instant(0);
    if (finish.with(name).step()) history.last_finished_at = finish.optional_instant(0);
    if (entry.with(name).step()) history.last_entry = entry.text(0);
    histories.push_back(std::move(history));
  }
  return histories;
}

std::vector<AlarmState> select_alarms(Connection& connection) {
  Statement statement{
      connection, "SELECT job_name, failing, failures_since_mail, failing_since, last_mail_at FROM alarms"};
  std::vector<AlarmState> alarms;
  while (statement.step())
    alarms.push_back({statement.text(0), statement.integer(1) != 0, statement.integer(2),
                      instant_at(statement, 3), instant_at(statement, 4)});
  return alarms;
}

}  // namespace rota
