// bare_workers WORKER MODULE JOB COUNT PARALLEL [DATABASE]: runs workers without a supervisor, and prints how
// many a second. With DATABASE each has its row committed before and its outcome committed after, one by one:
// what no supervisor that waits for the disk twice a run can exceed without overlapping the waits.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "supervisor/run/clock.h"
#include "tests/bench/yardsticks/bare_worker.h"
#include "tests/bench/yardsticks/raw_rows.h"

namespace {

using namespace rota;  // NOLINT(google-build-using-namespace): this file is a program

class Rows {
 public:
  explicit Rows(const char* file) : rows_{file ? std::make_unique<bench::RawRows>(file) : nullptr} {}

  RunId begin() {
    if (!rows_) return 0;
    const std::lock_guard lock{mutex_};
    rows_->begin();
    const RunId id = rows_->begin_run(current_instant());
    rows_->commit();
    return id;
  }

  void finish(RunId id) {
    if (!rows_) return;
    const std::lock_guard lock{mutex_};
    rows_->begin();
    rows_->finish_run(id, current_instant());
    rows_->commit();
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<bench::RawRows> rows_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fputs("usage: bare_workers WORKER MODULE JOB COUNT PARALLEL [DATABASE]\n", stderr);
    return 2;
  }
  const bench::BareJob job{argv[1], argv[2], argv[3]};
  const int count = std::atoi(argv[4]);
  Rows rows{argc > 6 ? argv[6] : nullptr};
  std::atomic<int> left{count};
  std::atomic<int> failed{0};
  const auto begin = std::chrono::steady_clock::now();
  {
    const int at_once = std::atoi(argv[5]);
    std::vector<std::jthread> threads;
    threads.reserve(static_cast<std::size_t>(at_once));
    for (int i = 0; i < at_once; ++i)
      threads.emplace_back([&] {
        while (left-- > 0) {
          const RunId id = rows.begin();
          if (!bench::spawn_and_run_bare(job)) ++failed;
          rows.finish(id);
        }
      });
  }
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  std::printf("{\"runs/s\": %.1f}\n", count / time.count());
  return failed == 0 ? 0 : 1;
}
