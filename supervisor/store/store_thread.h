// A thread that owns a database connection and works through requests in their
// order, a group at a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <iterator>
#include <mutex>
#include <new>
#include <thread>
#include <utility>
#include <vector>

namespace rota {

template <typename Request>
class StoreThread {
 public:
  // `work` takes a whole group on the thread; it may wait with `wait_for_end`.
  explicit StoreThread(std::function<void(std::vector<Request>)> work) : work_{std::move(work)} {}
  StoreThread(const StoreThread&) = delete;
  StoreThread& operator=(const StoreThread&) = delete;
  ~StoreThread() { end(); }

  void start() {
    thread_ = std::thread{[this] { run(); }};
  }

  void add(Request request) {
    {
      const std::lock_guard lock{mutex_};
      waiting_.push_back(std::move(request));
    }
    changed_.notify_all();
  }

  void add(std::vector<Request> requests) {
    if (requests.empty()) return;
    {
      const std::lock_guard lock{mutex_};
      std::move(requests.begin(), requests.end(), std::back_inserter(waiting_));
    }
    changed_.notify_all();
  }

  // Works through what is waiting, then ends the thread and returns.
  void end() {
    {
      const std::lock_guard lock{mutex_};
      ending_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  // For `work`, where nobody else could take the failure: does something again until there is memory for it.
  template <typename Action>
  void until_there_is_memory(Action action) {
    for (;;) {
      try {
        return action();
      } catch (const std::bad_alloc&) {
        wait_for_end(std::chrono::milliseconds{50});
      }
    }
  }

  // For `work`: waits for the time, or until the end has been asked for, and tells which.
  bool wait_for_end(std::chrono::milliseconds time) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, time, [this] { return ending_; });
  }

 private:
  void run() {
    for (;;) {
      std::vector<Request> group;
      {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        group.swap(waiting_);
      }
      work_(std::move(group));
    }
  }

  std::function<void(std::vector<Request>)> work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Request> waiting_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace rota
