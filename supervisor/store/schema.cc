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

// What is known of a job stands in one row from here on, so that a start costs what there are jobs and
// rows can be pruned. Each fact is that of the latest row that has it. The index replaces one that only
// the start needed: most runs succeed and never touch it, and what people look for are the others.
constexpr const char* kVersion2 = R"(
ALTER TABLE scheduled_job_runs ADD COLUMN retry_of INTEGER;
ALTER TABLE scheduled_job_runs ADD COLUMN not_before INTEGER;
ALTER TABLE scheduled_job_runs ADD COLUMN late_since INTEGER;
ALTER TABLE alarms ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;
DROP INDEX last_entries;
CREATE INDEX unsuccessful_runs_of_job ON scheduled_job_runs (job_name, state, id)
  WHERE state NOT IN ('queued','running','succeeded');
CREATE TABLE job_facts (
  job_name TEXT PRIMARY KEY,
  first_seen_at INTEGER NOT NULL,
  last_occurrence INTEGER,
  last_begun_at INTEGER,
  last_finished_at INTEGER,
  last_success_at INTEGER,
  last_failure_at INTEGER,
  last_success_run INTEGER,
  last_entry TEXT,
  pruned_through INTEGER,
  logs_pruned_through INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO job_facts (job_name, first_seen_at, last_occurrence, last_begun_at, last_finished_at,
                       last_success_at, last_failure_at, last_success_run, last_entry)
  WITH latest AS (
    SELECT job_name, min(queued_at) AS first_seen_at,
           max(CASE WHEN "trigger" IN ('schedule','catch_up') THEN scheduled_for END) AS occurrence,
           max(CASE WHEN state NOT IN ('skipped','missed') THEN id END) AS begun_run,
           max(CASE WHEN finished_at IS NOT NULL THEN id END) AS finished_run,
           max(CASE WHEN state = 'succeeded' THEN id END) AS success_run,
           max(CASE WHEN state IN ('failed','timed_out','crashed','lost') THEN id END) AS failure_run,
           max(CASE WHEN last_entry IS NOT NULL THEN id END) AS entry_run
    FROM scheduled_job_runs GROUP BY job_name)
  SELECT job_name, first_seen_at, occurrence,
         (SELECT queued_at FROM scheduled_job_runs WHERE id = begun_run),
         (SELECT finished_at FROM scheduled_job_runs WHERE id = finished_run),
         (SELECT finished_at FROM scheduled_job_runs WHERE id = success_run),
         (SELECT finished_at FROM scheduled_job_runs WHERE id = failure_run),
         success_run,
         (SELECT last_entry FROM scheduled_job_runs WHERE id = entry_run)
  FROM latest;
CREATE TABLE pauses (
  scope TEXT NOT NULL CHECK (scope IN ('job','group','all')),
  name TEXT NOT NULL,
  paused_by TEXT,
  paused_at INTEGER NOT NULL,
  PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;
)";

// Where a job's calendar begins that has no row yet, so that a crash before the first does not move it; and
// of which threads people know that they are past their timeout, so that a crash does not tell it again.
constexpr const char* kVersion3 = R"(
ALTER TABLE scheduled_job_runs ADD COLUMN overdue_since INTEGER;
ALTER TABLE job_facts ADD COLUMN calendar_since INTEGER NOT NULL DEFAULT 0;
UPDATE job_facts SET calendar_since = first_seen_at;
)";

// The same conditions spelled without IN: for a list of more than two words SQLite fills a table in memory at
// each run of a statement that checks it, which was most of what writing a row took. The checks of a table
// can be changed in its text alone, as rows that kept the old ones keep the new:
// https://www.sqlite.org/lang_altertable.html, section 8. Making the index also tells open connections.
constexpr const char* kVersion4 = R"(
DROP INDEX unsuccessful_runs_of_job;
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql,
  '"trigger" IN (''schedule'',''catch_up'',''manual'',''retry'',''dependency'')',
  '"trigger" = ''schedule'' OR "trigger" = ''catch_up'' OR "trigger" = ''manual'' OR "trigger" = ''retry'' '
  || 'OR "trigger" = ''dependency'''),
  'state IN (''queued'',''running'',''succeeded'',''failed'',''timed_out'',''cancelled'',
                                       ''crashed'',''lost'',''skipped'',''missed'')',
  'state = ''queued'' OR state = ''running'' OR state = ''succeeded'' OR state = ''failed'' OR state = ''timed_out'' '
  || 'OR state = ''cancelled'' OR state = ''crashed'' OR state = ''lost'' OR state = ''skipped'' OR state = ''missed''')
WHERE type = 'table' AND name = 'scheduled_job_runs';
PRAGMA writable_schema = RESET;
CREATE INDEX unsuccessful_runs_of_job ON scheduled_job_runs (job_name, state, id)
  WHERE state <> 'queued' AND state <> 'running' AND state <> 'succeeded';
)";

// What ended before a job began is told by the order of recording, no more by instants.
constexpr const char* kVersion5 = R"(
ALTER TABLE job_facts ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job_facts ADD COLUMN success INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job_facts ADD COLUMN failure INTEGER NOT NULL DEFAULT 0;
UPDATE job_facts SET begun = coalesce(last_begun_at, first_seen_at), success = coalesce(last_success_at, 0),
                     failure = coalesce(last_failure_at, 0);
ALTER TABLE job_facts DROP COLUMN last_begun_at;
ALTER TABLE job_facts DROP COLUMN last_failure_at;
)";

// The runs of a moment stand beside each other, whatever their jobs are: with the name first, each changed a
// page of its own once the history was long.
constexpr const char* kVersion6 = R"(
DROP INDEX one_run_an_occurrence;
CREATE UNIQUE INDEX one_run_an_occurrence ON scheduled_job_runs (scheduled_for, job_name)
  WHERE "trigger" IN ('schedule','catch_up');
)";

constexpr std::array kMigrations{kVersion1, kVersion2, kVersion3, kVersion4, kVersion5, kVersion6};

std::int64_t version_of(Connection& connection) {
  Statement statement{connection, "PRAGMA user_version"};
  return statement.step() ? statement.integer(0) : 0;
}

}  // namespace

void migrate(Connection& connection) {
  const std::int64_t newest = kMigrations.size();
  const std::int64_t found = version_of(connection);
  if (found > newest)
    throw NewerSchema{"has schema version " + std::to_string(found) + ", this program knows up to " +
                      std::to_string(newest) + "; install the newer Rota that wrote it"};
  for (std::int64_t version = found; version < newest; ++version) {
    const std::string sql = std::string{"BEGIN IMMEDIATE;"} +
                            kMigrations.at(static_cast<std::size_t>(version)) +
                            "PRAGMA user_version = " + std::to_string(version + 1) + "; COMMIT;";
    connection.execute(sql.c_str());
  }
}

}  // namespace rota
