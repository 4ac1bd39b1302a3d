#include "jobs/support/meetings_database.h"

namespace rota::jobs {
namespace {

// starts_at and the date at its beginning are texts of ISO 8601, other instants are
// seconds since 1970-01-01T00:00Z. `embedding` is what vectorizer.h makes of a text.
constexpr const char* kTables = R"(
CREATE TABLE IF NOT EXISTS meetings (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  member TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  location TEXT,
  capacity TEXT,
  reference TEXT,
  badge TEXT,
  badge_title TEXT,
  UNIQUE (title, member, starts_at)
) STRICT;
CREATE INDEX IF NOT EXISTS meetings_by_date ON meetings (starts_at);
CREATE TABLE IF NOT EXISTS attendees (
  meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  url TEXT,
  UNIQUE (meeting_id, name)
) STRICT;
CREATE TABLE IF NOT EXISTS profiles (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  interests TEXT NOT NULL,
  newsletter_frequency TEXT NOT NULL CHECK (newsletter_frequency IN ('none','daily','weekly'))
) STRICT;
CREATE TABLE IF NOT EXISTS alerts (
  id INTEGER PRIMARY KEY,
  profile_id INTEGER NOT NULL REFERENCES profiles (id),
  query TEXT NOT NULL,
  embedding BLOB,
  threshold REAL NOT NULL,
  top_k INTEGER NOT NULL,
  period_seconds INTEGER NOT NULL,
  last_checked_at INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS documents_embeddings (
  id INTEGER PRIMARY KEY,
  meeting_id INTEGER NOT NULL UNIQUE,
  embedding BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS alert_mails (
  message_id TEXT PRIMARY KEY,
  recipient TEXT NOT NULL,
  message TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  delivered_at INTEGER
) STRICT;
)";

}  // namespace

MeetingsDatabase::MeetingsDatabase(const std::string& file) : Connection{file, Access::read_write} {
  execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = "
      "10000");
  execute(kTables);
}

void MeetingsDatabase::transaction(const std::function<void()>& work) {
  execute("BEGIN IMMEDIATE");
  try {
    work();
    execute("COMMIT");
  } catch (...) {
    execute("ROLLBACK");
    throw;
  }
}

}  // namespace rota::jobs
