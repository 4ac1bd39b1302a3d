// The reading half of the SQLite store: history for people, and the outbox, on a
// connection that cannot write.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/sqlite/sqlite.h"
#include "supervisor/store/sqlite_run_store.h"
#include "supervisor/store/store_thread.h"

namespace rota {

class SqliteRunStore::Reader {
 public:
  Reader(const std::filesystem::path& file, std::function<void(std::function<void()>)> post);
  ~Reader() { thread_.end(); }

  void start() { thread_.start(); }

  // `select` runs on the reader's thread, `done` on the event loop with what it found: nothing where the
  // database cannot be read, which `trouble` tells before.
  template <typename Result>
  void ask(std::function<Result(Connection&)> select, std::function<void(Result)> done) {
    // Handed on and never copied: it may be large.
    const auto result = std::make_shared<Result>();
    thread_.add([this, result, select = std::move(select), done = std::move(done)] {
      try_to([&] { *result = select(connection_); });
      post_([done, result] { done(std::move(*result)); });
    });
  }

  // Why the last question could not be answered; empty if it could. Asked while reading fails, it has
  // that tried again. Any thread.
  std::string trouble();

 private:
  using Request = std::function<void()>;

  void try_to(const std::function<void()>& read);
  void set_trouble(std::string trouble);

  std::filesystem::path file_;
  Connection connection_;
  std::function<void(std::function<void()>)> post_;
  std::mutex mutex_;
  std::string trouble_;
  bool trying_again_ = false;
  StoreThread<Request> thread_;
};

// Throw SqliteError.
std::optional<Run> select_run(Connection& connection, RunId id);
std::vector<Run> select_runs(Connection& connection, const RunQuery& query);
// See SqliteRunStore::recover.
SqliteRunStore::Recovery select_unfinished(Connection& connection, Instant now);

}  // namespace rota
