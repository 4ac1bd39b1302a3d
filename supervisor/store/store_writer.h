// The writing half of the SQLite store: group commit, and patience while the
// database is away.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "common/sqlite/sqlite.h"
#include "supervisor/store/database_files.h"
#include "supervisor/store/sqlite_run_store.h"
#include "supervisor/store/store_thread.h"
#include "supervisor/store/write_statements.h"

namespace rota {

class SqliteRunStore::Writer {
 public:
  struct Answer {
    Answer(std::function<void()> when_committed, std::function<void()> when_written = nullptr)
        : committed{std::move(when_committed)}, written{std::move(when_written)} {}
    std::function<void()> committed;  // posted once the group is on disk
    std::function<void()> written;    // if there is one, posted before that, as the commit begins
  };

  // One write. `apply` runs inside the transaction of its group, again if that has to
  // be tried again. `refused` is posted instead if the database will never take it.
  struct Request {
    std::function<Answer(WriteStatements&)> apply;
    std::function<void()> refused;
  };

  Writer(const std::filesystem::path& file, std::function<void(std::function<void()>)> post);
  ~Writer();

  Connection& connection() { return connection_; }
  void start() { thread_.start(); }
  // Gathers what one turn of the event loop writes, so that it is one group however soon the thread
  // wakes up, and hands it over when the turn has been made.
  void add(Request request);
  // Of the files, see DatabaseFiles.
  std::string what_is_amiss() const { return files_.what_is_amiss(); }
  // Why writes wait, or would; empty if they do not.
  std::string trouble() const;

 private:
  void hand_over();
  using Callbacks = std::vector<std::function<void()>>;
  // A group that is on disk, on its way back to the event loop.
  struct Committed {
    std::vector<Request> group;
    Callbacks callbacks;
  };

  void work(std::vector<Request> group);
  void post_written(Callbacks callbacks);
  void post(const std::shared_ptr<Committed>& committed);
  void shorten_log();
  Callbacks write(const std::vector<Request>& group);
  Callbacks write_each(const std::vector<Request>& group, Answer (Writer::*apply_one)(const Request&));
  Answer apply(const Request& request);
  Answer apply_or_refuse(const Request& request);
  void set_trouble(std::string trouble);

  std::filesystem::path file_;
  Connection connection_;
  WriteStatements statements_;
  DatabaseFiles files_;
  std::function<void(std::function<void()>)> post_;
  mutable std::mutex mutex_;
  std::string trouble_;
  // Shared with the function that hands it over, which may come when this object has gone.
  std::shared_ptr<std::vector<Request>> gathered_ = std::make_shared<std::vector<Request>>();
  StoreThread<Request> thread_;
};

}  // namespace rota
