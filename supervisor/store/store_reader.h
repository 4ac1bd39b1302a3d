// The reading half of the SQLite store: history for people, and the outbox, on a
// connection that cannot write.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "common/sqlite/sqlite.h"
#include "supervisor/store/sqlite_run_store.h"
#include "supervisor/store/store_thread.h"

namespace rota {

class SqliteRunStore::Reader {
 public:
  // Runs on the reader's thread; what it returns is posted to the event loop.
  using Request = std::function<std::function<void()>(Connection&)>;

  Reader(const std::filesystem::path& file, std::function<void(std::function<void()>)> post);
  ~Reader() { thread_.end(); }

  void start() { thread_.start(); }
  void add(Request request) { thread_.add(std::move(request)); }

 private:
  void work(const std::vector<Request>& group);

  Connection connection_;
  std::function<void(std::function<void()>)> post_;
  StoreThread<Request> thread_;
};

// Throw SqliteError.
std::optional<Run> select_run(Connection& connection, RunId id);
std::vector<Run> select_runs(Connection& connection, const RunQuery& query);
// See SqliteRunStore::recover.
SqliteRunStore::Recovery select_unfinished(Connection& connection, Instant now);

}  // namespace rota
