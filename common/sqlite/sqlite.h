// SQLite's C interface with owners, for the run store and the jobs. A connection and its statements
// belong to one thread at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/time/instant.h"

struct sqlite3;
struct sqlite3_stmt;

namespace rota {

class SqliteError : public std::runtime_error {
 public:
  SqliteError(int code, const std::string& message) : std::runtime_error{message}, code_{code} {}

  // True if the same statement may succeed later: the database is locked, the disk
  // full, unreadable, unwritable or away. https://www.sqlite.org/rescode.html
  bool may_pass() const;
  // True if it is the values of the statement that the database will never take.
  bool is_of_the_values() const;
  // True if the file is damaged, or was never a database.
  bool is_damage() const;
  // What there is to do for whoever looks after the file, as a phrase.
  std::string advice() const;

 private:
  int code_;
};

class Connection {
 public:
  enum class Access { read_write, read_only };

  // Opens the file, creating it for read_write. Throws SqliteError.
  Connection(const std::filesystem::path& file, Access access);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // One or more statements without results.
  void execute(const char* sql);

  // Rows that the last INSERT, UPDATE or DELETE that ran to its end has changed.
  std::int64_t changes() const;
  // Of the row that was inserted last.
  std::int64_t last_row_id() const;
  // From now on the write-ahead log is copied back into the file by `checkpoint` alone, and `log_pages` tells
  // how long the last commit has made it.
  void checkpoint_by_hand();
  int log_pages() const { return log_pages_; }
  // As far as no reader needs it. Waits for nobody but the disk.
  void checkpoint();
  // Statements fail soon after the flag, which outlives the connection, has become true.
  void stop_when(const std::atomic<bool>& flag);
  sqlite3* handle() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
  int log_pages_ = 0;
};

// A prepared statement, to be used again and again:
//   statement.with(id, name); while (statement.step()) … statement.integer(0)
class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  // Bytes as a value for `with`, rather than text.
  struct Blob {
    std::string_view bytes;
  };

  // Begins anew with these values for ?1, ?2, …
  template <typename... Values>
  Statement& with(const Values&... values) {
    reset();
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }

  // True while there is a row. After false it may be begun anew.
  bool step();
  // Runs to the end, without looking at rows.
  void run();
  void reset();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  Instant instant(int column) const;
  double real(int column) const;
  std::string text(int column) const;  // empty for NULL
  std::string blob(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;
  std::optional<Instant> optional_instant(int column) const;

 private:
  void bind(int index, std::int64_t value);
  void bind(int index, double value);
  void bind(int index, Blob blob);
  void bind(int index, int value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, bool value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, Instant value) {
    bind(index, static_cast<std::int64_t>(value.time_since_epoch().count()));
  }
  void bind(int index, std::string_view text);  // empty text as NULL
  void bind(int index, const std::string& text) { bind(index, std::string_view{text}); }
  void bind_null(int index);
  template <typename Value>
  void bind(int index, const std::optional<Value>& value) {
    if (value)
      bind(index, *value);
    else
      bind_null(index);
  }

  Connection& connection_;
  sqlite3_stmt* handle_ = nullptr;
};

}  // namespace rota
