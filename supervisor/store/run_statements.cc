#include "supervisor/store/run_statements.h"

#include "supervisor/store/run_row.h"

namespace rota {
namespace {

// The unique index refuses an occurrence whose row is there, the last condition one whose row has been
// pruned: occurrences are recorded in their order, so all up to the latest pruned one have had their row.
constexpr const char* kInsert =
    R"(INSERT INTO scheduled_job_runs (job_name, "trigger", scheduled_for, attempt, state, queued_at, started_at,
         error_type, error_message, log_path, parameters, requested_by, retry_of, not_before)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
       WHERE ?2 NOT IN ('schedule','catch_up')
          OR NOT EXISTS (SELECT 1 FROM job_facts WHERE job_name = ?1 AND pruned_through >= ?3)
       ON CONFLICT DO NOTHING)";

// Not in the insertion, for which SQLite would then make a table of its own at each run of the statement.
constexpr const char* kInheritLateness =
    "UPDATE scheduled_job_runs SET late_since = (SELECT late_since FROM scheduled_job_runs WHERE id = ?2) "
    "WHERE id = ?1";

// Not by RETURNING, for which SQLite makes a table of its own at each run of the statement.
constexpr const char* kActiveJob =
    "SELECT job_name FROM scheduled_job_runs WHERE id = ?1 AND state IN ('queued', 'running')";

constexpr const char* kEnd =
    "UPDATE scheduled_job_runs SET state = ?2, started_at = coalesce(?3, started_at), finished_at = ?4, "
    "success = ?5, error_type = ?6, error_message = ?7, lines_added = ?8, lines_processed = ?9, "
    "last_entry = ?10, exit_code = ?11, signal = ?12, user_cpu_ms = ?13, system_cpu_ms = ?14, "
    "max_rss_kib = ?15 WHERE id = ?1";

}  // namespace

RunStatements::RunStatements(Connection& connection)
    : connection_{connection},
      insert_{connection, kInsert},
      inherit_lateness_{connection, kInheritLateness},
      start_{connection,
             "UPDATE scheduled_job_runs SET state = 'running', started_at = ?2, log_path = ?3 "
             "WHERE id = ?1 AND state = 'queued'"},
      active_job_{connection, kActiveJob},
      end_{connection, kEnd},
      late_{connection,
            "UPDATE scheduled_job_runs SET late_since = ?3 WHERE state IN ('queued','running') "
            "AND +job_name = ?1 AND scheduled_for = ?2 AND late_since IS NULL"},
      overdue_{connection, "UPDATE scheduled_job_runs SET overdue_since = ?2 WHERE id = ?1"} {}

std::optional<RunId> RunStatements::insert(const Run& run) {
  insert_.with(run.job_name, to_string(run.trigger), run.scheduled_for, run.attempt, to_string(run.state),
               run.queued_at, run.started_at, run.error_type, run.error_message, run.log_path,
               parameters_text(run.parameters), run.requested_by, run.retry_of, run.not_before);
  insert_.run();
  if (connection_.changes() == 0) return std::nullopt;
  const RunId id = connection_.last_row_id();
  if (run.retry_of) inherit_lateness_.with(id, *run.retry_of).run();
  return id;
}

void RunStatements::start(RunId id, Instant started_at, const std::string& log_path) {
  start_.with(id, started_at, log_path).run();
}

std::optional<std::string> RunStatements::end(RunId id, const Outcome& outcome) {
  active_job_.with(id);
  std::optional<std::string> job_name;
  while (active_job_.step()) job_name = active_job_.text(0);
  if (!job_name) return std::nullopt;
  std::optional<Instant> started;
  if (outcome.started_at != Instant{}) started = outcome.started_at;
  std::optional<std::int64_t> max_rss;
  if (outcome.max_rss_kib != 0) max_rss = outcome.max_rss_kib;
  end_.with(id, to_string(outcome.state), started, outcome.finished_at, outcome.state == RunState::succeeded,
            outcome.error_type, outcome.error_message, outcome.lines_added, outcome.lines_processed,
            outcome.last_entry, outcome.exit_code, outcome.signal, outcome.user_cpu_ms, outcome.system_cpu_ms,
            max_rss);
  end_.run();
  return job_name;
}

}  // namespace rota
