-- A database as Rota 0.1 left it: the tables of schema version 1, and rows.
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
INSERT INTO scheduled_job_runs (id, job_name, "trigger", scheduled_for, state, queued_at, started_at, finished_at,
                                success, error_type, last_entry, log_path)
VALUES (1, 'scrape', 'schedule', 1000, 'succeeded', 1001, 1002, 1500, 1, NULL, '{"id":1}', 'scrape/1.log'),
       (2, 'scrape', 'catch_up', 2000, 'failed', 2001, 2002, 2500, 0, 'error', NULL, 'scrape/2.log'),
       (3, 'clean', 'manual', NULL, 'running', 2600, 2601, NULL, NULL, NULL, NULL, 'clean/3.log'),
       (4, 'scrape', 'schedule', 3000, 'succeeded', 3001, 3002, 3500, 1, NULL, '{"id":2}', 'scrape/4.log'),
       (5, 'scrape', 'manual', NULL, 'cancelled', 3600, 3601, 3700, 0, NULL, NULL, 'scrape/5.log'),
       (6, 'scrape', 'schedule', 4000, 'skipped', 4001, NULL, NULL, NULL, 'overlap', NULL, NULL);
INSERT INTO alarms VALUES ('scrape', 1, 2, 2500, 2500);
INSERT INTO outbox (recipients, message, next_attempt_at) VALUES ('a@example.org', 'text', 100);
PRAGMA user_version = 1;
