// A pool of threads that can be told to do without one of its threads. One sleeping thread at a time is being
// woken, and wakes the next if there is more to do: whoever hands over many short tasks would else spend most
// of its time on waking threads that find nothing.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace rota {

// Any thread may call any member but the destructor.
class ThreadPool {
 public:
  // Threads are started when they are first needed, or now, for tasks that must not fail for want of
  // one: then it throws std::system_error.
  enum class Start { when_needed, now };
  explicit ThreadPool(int size, Start start = Start::when_needed);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  // Tasks begin in the order of the calls. A task does not throw. Throws std::system_error, and has not
  // taken the task, where it needs a thread more and the system gives none.
  void run(std::function<void()> task);

  // One task counts no longer (true) or counts again (false) as using a thread of the
  // pool's size; at most `size` may be discounted at a time.
  void discount(bool discounted);

  // No task begins any more. True if all have ended within the limit.
  bool end(std::chrono::milliseconds limit);

 private:
  void add_thread();
  bool take_waking();
  void work();

  const int size_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  std::vector<std::thread> threads_;
  int living_ = 0;
  int idle_ = 0;
  int discounted_ = 0;
  bool waking_ = false;
  bool ending_ = false;
};

}  // namespace rota
