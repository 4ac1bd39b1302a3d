#include "supervisor/executor/thread_pool.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace rota {

ThreadPool::ThreadPool(int size, Start start) : size_{size} {
  const std::lock_guard lock{mutex_};
  while (start == Start::now && living_ < size_) add_thread();
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock{mutex_};
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::run(std::function<void()> task) {
  bool wake = false;
  {
    const std::lock_guard lock{mutex_};
    if (static_cast<int>(waiting_.size()) >= idle_ && living_ < size_ + std::min(discounted_, size_))
      add_thread();
    waiting_.push_back(std::move(task));
    wake = take_waking();
  }
  if (wake) changed_.notify_one();
}

// Whether the caller is to wake a thread: there is work, one that sleeps, and none on its way.
bool ThreadPool::take_waking() {
  if (waking_ || idle_ == 0 || waiting_.empty()) return false;
  waking_ = true;
  return true;
}

void ThreadPool::add_thread() {
  threads_.emplace_back([this] { work(); });
  ++living_;
}

void ThreadPool::discount(bool discounted) {
  const std::lock_guard lock{mutex_};
  discounted_ += discounted ? 1 : -1;
  if (discounted && !waiting_.empty() && discounted_ <= size_) {
    try {
      add_thread();
    } catch (const std::system_error&) {
      // What waits has the next thread that is free.
    }
  }
  changed_.notify_all();
}

bool ThreadPool::end(std::chrono::milliseconds limit) {
  std::unique_lock lock{mutex_};
  ending_ = true;
  changed_.notify_all();
  return changed_.wait_for(lock, limit, [this] { return living_ == 0; });
}

void ThreadPool::work() {
  std::unique_lock lock{mutex_};
  for (;;) {
    while (!ending_ && waiting_.empty() && living_ <= size_ + std::min(discounted_, size_)) {
      ++idle_;
      changed_.wait(lock);
      --idle_;
      waking_ = false;
    }
    if (ending_ || waiting_.empty()) break;
    auto task = std::move(waiting_.front());
    waiting_.pop_front();
    const bool wake = take_waking();
    lock.unlock();
    if (wake) changed_.notify_one();
    task();
    task = nullptr;
    lock.lock();
  }
  --living_;
  changed_.notify_all();
}

}  // namespace rota
