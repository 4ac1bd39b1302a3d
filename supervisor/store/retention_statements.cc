#include "supervisor/store/retention_statements.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace rota {
namespace {

// The newest row of all stays, so that SQLite, which gives the highest id and one, gives none twice.
constexpr const char* kOldestRows =
    R"(SELECT id, queued_at, log_path, CASE WHEN "trigger" IN ('schedule','catch_up') THEN scheduled_for END
       FROM scheduled_job_runs WHERE job_name = ?1 AND state NOT IN ('queued','running')
         AND id < (SELECT max(id) FROM scheduled_job_runs) ORDER BY id)";

// What is skipped or missed has no log and does not count. Among very many of those the search is
// given up, and then no log goes by count.
constexpr const char* kLogBeyond =
    "SELECT id FROM (SELECT id, log_path FROM scheduled_job_runs WHERE job_name = ?1 AND id > ?2 "
    "ORDER BY id DESC LIMIT ?3 + 10000) WHERE log_path IS NOT NULL LIMIT 1 OFFSET ?3";

// What lies beyond either bound, or beyond the only one there is.
class Bounds {
 public:
  Bounds(RunId beyond, std::optional<Instant> since) : beyond_{beyond}, since_{since} {}
  bool exclude(const Statement& row) const {
    return row.integer(0) <= beyond_ || (since_ && row.instant(1) < *since_);
  }

 private:
  RunId beyond_;
  std::optional<Instant> since_;
};

// The first column of the first row, or 0.
std::int64_t first_or_zero(Statement& statement) {
  const std::int64_t value = statement.step() ? statement.integer(0) : 0;
  statement.reset();
  return value;
}

}  // namespace

RetentionStatements::RetentionStatements(Connection& connection)
    : row_beyond_{connection,
                  "SELECT id FROM scheduled_job_runs WHERE job_name = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2"},
      log_beyond_{connection, kLogBeyond},
      oldest_rows_{connection, kOldestRows},
      rows_above_{connection,
                  "SELECT id, queued_at, log_path, state IN ('queued','running') FROM scheduled_job_runs "
                  "WHERE job_name = ?1 AND id > ?2 ORDER BY id LIMIT ?3"},
      remove_row_{connection, "DELETE FROM scheduled_job_runs WHERE id = ?1"},
      forget_log_{connection, "UPDATE scheduled_job_runs SET log_path = NULL WHERE id = ?1"},
      logs_pruned_through_{connection, "SELECT logs_pruned_through FROM job_facts WHERE job_name = ?1"},
      note_rows_{connection,
                 "UPDATE job_facts SET pruned_through = max(coalesce(pruned_through, ?2), ?2) "
                 "WHERE job_name = ?1"},
      note_logs_{connection, "UPDATE job_facts SET logs_pruned_through = ?2 WHERE job_name = ?1"} {}

Pruned RetentionStatements::prune(const std::vector<JobRetention>& jobs, int step) {
  Pruned pruned;
  for (const JobRetention& job : jobs) {
    step -= remove_rows(job, step, pruned);
    if (step > 0) step -= forget_logs(job, step, pruned);
    if (step == 0) break;
    ++pruned.jobs_done;
  }
  return pruned;
}

int RetentionStatements::remove_rows(const JobRetention& job, int step, Pruned& pruned) {
  const auto& [job_name, retention] = job;
  if (!retention.rows_since && !retention.rows_kept) return 0;
  const RunId beyond =
      retention.rows_kept ? first_or_zero(row_beyond_.with(job_name, *retention.rows_kept)) : 0;
  const Bounds bounds{beyond, retention.rows_since};
  std::vector<RunId> rows;
  std::optional<Instant> newest_occurrence;
  oldest_rows_.with(job_name);
  while (std::ssize(rows) < step && oldest_rows_.step() && bounds.exclude(oldest_rows_)) {
    rows.push_back(oldest_rows_.integer(0));
    if (!oldest_rows_.is_null(2)) pruned.logs.push_back(oldest_rows_.text(2));
    newest_occurrence = std::max(newest_occurrence, oldest_rows_.optional_instant(3));
  }
  oldest_rows_.reset();
  for (const RunId id : rows) remove_row_.with(id).run();
  if (newest_occurrence) note_rows_.with(job_name, *newest_occurrence).run();
  pruned.rows += std::ssize(rows);
  return static_cast<int>(rows.size());
}

// Active rows are passed over; their outcome takes logs_pruned_through back below them.
int RetentionStatements::forget_logs(const JobRetention& job, int step, Pruned& pruned) {
  const auto& [job_name, retention] = job;
  if (!retention.logs_since && !retention.logs_kept) return 0;
  const RunId before = first_or_zero(logs_pruned_through_.with(job_name));
  const RunId beyond =
      retention.logs_kept ? first_or_zero(log_beyond_.with(job_name, before, *retention.logs_kept)) : 0;
  const Bounds bounds{beyond, retention.logs_since};
  std::vector<RunId> rows;
  RunId through = before;
  int seen = 0;
  rows_above_.with(job_name, before, step);
  while (rows_above_.step() && bounds.exclude(rows_above_)) {
    ++seen;
    through = rows_above_.integer(0);
    if (rows_above_.is_null(2) || rows_above_.integer(3) != 0) continue;
    rows.push_back(through);
    pruned.logs.push_back(rows_above_.text(2));
  }
  rows_above_.reset();
  for (const RunId id : rows) forget_log_.with(id).run();
  if (through != before) note_logs_.with(job_name, through).run();
  return seen;
}

}  // namespace rota
