#include "common/sqlite/sqlite.h"

#include <sqlite3.h>

#include <system_error>

namespace rota {
namespace {

constexpr int kLockWait_ms = 1000;
constexpr int kInstructionsBetweenLooks = 10'000;

// With what the operating system said: "disk I/O error" alone does not tell a full disk from a broken one.
SqliteError error_of(sqlite3* handle, int code) {
  std::string message = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  const int kind = code & 0xff;
  const int error = handle ? sqlite3_system_errno(handle) : 0;
  if (error != 0 && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN))
    message += " (" + std::generic_category().message(error) + ")";
  return SqliteError{code, message};
}

void check(sqlite3* handle, int code) {
  if (code != SQLITE_OK) throw error_of(handle, code);
}

// SQLite would lock a mutex at each allocation to count bytes that nobody asks for. It refuses once it is in
// use, as a job may have made it, and works as well then.
void leave_memory_uncounted() {
  static const int refused = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(refused);
}

}  // namespace

bool SqliteError::may_pass() const {
  switch (code_ & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT:
      return true;
    default:
      return false;
  }
}

bool SqliteError::is_of_the_values() const {
  switch (code_ & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
    case SQLITE_TOOBIG:
      return true;
    default:
      return false;
  }
}

bool SqliteError::is_damage() const {
  const int kind = code_ & 0xff;
  return kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB;
}

std::string SqliteError::advice() const {
  switch (code_ & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return "end the program that holds it";
    case SQLITE_FULL:
      return "make room on its disk";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return "let this program write to the file, to those beside it that end in -wal and -shm, and to their "
             "directory";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "put a backup in its place while this program is stopped, or name another file; this one is "
             "left as it is";
    case SQLITE_NOMEM:
      return "free memory";
    case SQLITE_IOERR:
      return "look at its disk: whether it is full, broken or away";
    default:
      return "look whether it is the file that it should be";
  }
}

Connection::Connection(const std::filesystem::path& file, Access access) {
  leave_memory_uncounted();
  const int mode =
      access == Access::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  const int code = sqlite3_open_v2(file.c_str(), &handle_, mode | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    const SqliteError error = error_of(handle_, code);
    sqlite3_close_v2(handle_);
    throw error;
  }
  sqlite3_busy_timeout(handle_, kLockWait_ms);
}

Connection::~Connection() { sqlite3_close_v2(handle_); }

void Connection::execute(const char* sql) {
  check(handle_, sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
}

std::int64_t Connection::changes() const { return sqlite3_changes64(handle_); }

std::int64_t Connection::last_row_id() const { return sqlite3_last_insert_rowid(handle_); }

void Connection::checkpoint_by_hand() {
  // In place of the hook that checkpoints within the commit.
  const auto note = [](void* pages, sqlite3*, const char*, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(handle_, note, &log_pages_);
}

void Connection::checkpoint() {
  check(handle_, sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr));
}

void Connection::stop_when(const std::atomic<bool>& flag) {
  // SQLite hands the pointer back as it is; the function only reads.
  void* argument = const_cast<std::atomic<bool>*>(&flag);
  sqlite3_progress_handler(
      handle_, kInstructionsBetweenLooks,
      [](void* stop) { return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0; }, argument);
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_{connection} {
  check(connection.handle(), sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                                                SQLITE_PREPARE_PERSISTENT, &handle_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(handle_); }

bool Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  // Both end the statement's hold on the database, which a later commit needs.
  if (code == SQLITE_DONE) {
    sqlite3_reset(handle_);
    return false;
  }
  const SqliteError error = error_of(connection_.handle(), code);
  sqlite3_reset(handle_);
  throw error;
}

void Statement::run() {
  while (step()) {
  }
}

void Statement::reset() { sqlite3_reset(handle_); }

bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

Instant Statement::instant(int column) const { return Instant{std::chrono::milliseconds{integer(column)}}; }

double Statement::real(int column) const { return sqlite3_column_double(handle_, column); }

std::string Statement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(handle_, column);
  if (!bytes) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::string Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(handle_, column);
  if (!text) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional{integer(column)};
}

std::optional<Instant> Statement::optional_instant(int column) const {
  return is_null(column) ? std::nullopt : std::optional{instant(column)};
}

void Statement::bind(int index, std::int64_t value) {
  check(connection_.handle(), sqlite3_bind_int64(handle_, index, value));
}

void Statement::bind(int index, std::string_view text) {
  if (text.empty()) return bind_null(index);
  check(connection_.handle(),
        sqlite3_bind_text64(handle_, index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind(int index, double value) {
  check(connection_.handle(), sqlite3_bind_double(handle_, index, value));
}

void Statement::bind(int index, Blob blob) {
  check(connection_.handle(),
        sqlite3_bind_blob64(handle_, index, blob.bytes.data(), blob.bytes.size(), SQLITE_TRANSIENT));
}

void Statement::bind_null(int index) { check(connection_.handle(), sqlite3_bind_null(handle_, index)); }

}  // namespace rota
