#include "supervisor/store/schema.h"

#include <array>
#include <string>

namespace rota {
namespace {

// Instants are milliseconds since 1970-01-01T00:00Z. The unique index keeps the
// promise that an occurrence is recorded once, also among several supervisors.
constexpr const char* kVersion1 = R"(
CREATE TABLE scheduled_job_runs (
  id INTEGER PRIMARY KEY,
  job_name TEXT NOT NULL,
  "trigger" TEXT NOT NULL CHECK ("trigger" IN ('schedule','catch_up','manual','retry','dependency')),
  scheduled_for INTEGER,
  attempt INTEGER NOT NULL DEFAULT 1,
  state TEXT NOT NULL CHECK (state IN ('queued','running','succeeded','failed','timed_out','cancelled',
                                       'crashed','lost','skipped','missed')),
  queued_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  success INTEGER,
  error_type TEXT,
  error_message TEXT,
  lines_added INTEGER NOT NULL DEFAULT 0,
  lines_processed INTEGER NOT NULL DEFAULT 0,
  last_entry TEXT,
  exit_code INTEGER,
  signal INTEGER,
  user_cpu_ms INTEGER,
  system_cpu_ms INTEGER,
  max_rss_kib INTEGER,
  log_path TEXT,
  parameters TEXT,
  requested_by TEXT
) STRICT;
CREATE UNIQUE INDEX one_run_an_occurrence ON scheduled_job_runs (job_name, scheduled_for)
  WHERE "trigger" IN ('schedule','catch_up');
CREATE INDEX runs_of_job ON scheduled_job_runs (job_name, id);
CREATE INDEX runs_in_state ON scheduled_job_runs (state, id);
CREATE INDEX last_entries ON scheduled_job_runs (job_name, id) WHERE last_entry IS NOT NULL;
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  recipients TEXT NOT NULL,
  message TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL,
  last_error TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (next_attempt_at);
CREATE TABLE alarms (
  job_name TEXT PRIMARY KEY,
  failing INTEGER NOT NULL,
  failures_since_mail INTEGER NOT NULL,
  failing_since INTEGER NOT NULL,
  last_mail_at INTEGER NOT NULL
) STRICT;
)";

constexpr std::array kMigrations{kVersion1};

std::int64_t version_of(Connection& connection) {
  Statement statement{connection, "PRAGMA user_version"};
  return statement.step() ? statement.integer(0) : 0;
}

}  // namespace

void migrate(Connection& connection) {
  const std::int64_t newest = kMigrations.size();
  const std::int64_t found = version_of(connection);
  if (found > newest)
    throw std::runtime_error{"has schema version " + std::to_string(found) + ", this program knows up to " +
                             std::to_string(newest) + "; install the newer Rota that wrote it"};
  for (std::int64_t version = found; version < newest; ++version) {
    const std::string sql = std::string{"BEGIN IMMEDIATE;"} +
                            kMigrations.at(static_cast<std::size_t>(version)) +
                            "PRAGMA user_version = " + std::to_string(version + 1) + "; COMMIT;";
    connection.execute(sql.c_str());
  }
}

}  // namespace rota
