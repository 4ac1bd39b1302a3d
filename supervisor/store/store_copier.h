// The copying half of the SQLite store: backups, on a thread of their own so that neither writes
// nor history wait for them.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>

#include "supervisor/store/sqlite_run_store.h"
#include "supervisor/store/store_thread.h"

namespace rota {

class SqliteRunStore::Copier {
 public:
  Copier(std::filesystem::path database, std::function<void(std::function<void()>)> post);
  // A copy that is under way is given up.
  ~Copier();

  void add(std::filesystem::path file, std::function<void(std::string)> done);

 private:
  struct Request {
    std::filesystem::path file;
    std::function<void(std::string)> done;
  };
  void work(const std::vector<Request>& group);

  std::filesystem::path database_;
  std::function<void(std::function<void()>)> post_;
  std::atomic<bool> ending_ = false;
  StoreThread<Request> thread_;
};

}  // namespace rota
