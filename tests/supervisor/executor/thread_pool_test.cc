#include "supervisor/executor/thread_pool.h"

#include <doctest/doctest.h>

#include <atomic>
#include <barrier>
#include <latch>

namespace rota {
namespace {

constexpr int kThreads = 16;

TEST_CASE("tasks that wait for each other all run at once however often the threads have slept") {
  std::barrier together{kThreads + 1};
  ThreadPool pool{kThreads};
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < kThreads; ++i) pool.run([&] { together.arrive_and_wait(); });
    together.arrive_and_wait();
  }
}

TEST_CASE("a task that begins another which it waits for does not wait in vain") {
  std::latch inner{1};
  std::latch done{1};
  ThreadPool pool{2};
  pool.run([&] {
    pool.run([&] { inner.count_down(); });
    inner.wait();
    done.count_down();
  });
  done.wait();
}

TEST_CASE("more tasks than threads all run") {
  constexpr int kTasks = 10'000;
  std::latch done{kTasks};
  std::atomic<int> at_once = 0;
  std::atomic<bool> too_many = false;
  ThreadPool pool{kThreads};
  for (int i = 0; i < kTasks; ++i)
    pool.run([&] {
      if (++at_once > kThreads) too_many = true;
      --at_once;
      done.count_down();
    });
  done.wait();
  CHECK_FALSE(too_many);
}

}  // namespace
}  // namespace rota
