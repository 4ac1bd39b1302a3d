// history_benchmark [ROWS]: prints what history costs with ROWS (1,000,000) runs of 100 jobs, one every
// ten seconds, of which one in a hundred failed. Compare figures of one call only.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "common/sqlite/sqlite.h"
#include "supervisor/run/clock.h"
#include "tests/supervisor/store/store_under_test.h"

namespace rota {
namespace {

constexpr std::int64_t kStep_ms = 10'000;
constexpr int kRepetitions = 21;

double milliseconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>{std::chrono::steady_clock::now() - begin}.count();
}

std::string job_name(int number) { return "job_" + std::to_string(number % 100); }

// Without a wait for the disk, and in parts, so that the write-ahead log stays small.
void fill(const std::filesystem::path& file, std::int64_t rows) {
  constexpr std::int64_t kPart = 100'000;
  Connection connection{file, Connection::Access::read_write};
  connection.execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000");
  Statement part{connection,
                 R"(WITH RECURSIVE number(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM number WHERE n < ?2)
                    INSERT INTO scheduled_job_runs (job_name, "trigger", scheduled_for, state, queued_at, started_at,
                      finished_at, success, error_type, error_message, lines_processed, exit_code, user_cpu_ms,
                      system_cpu_ms, max_rss_kib, log_path)
                    SELECT 'job_' || (n % 100), 'schedule', n * ?3,
                      CASE WHEN n * 7919 % 10000 < 100 THEN 'failed' ELSE 'succeeded' END, n * ?3, n * ?3, n * ?3 + 900,
                      n * 7919 % 10000 >= 100, NULL, NULL, n % 1000, 0, 40, 10, 9000,
                      'job_' || (n % 100) || '/' || n || '.log' FROM number)"};
  for (std::int64_t first = 1; first <= rows; first += kPart)
    part.with(first, std::min(rows, first + kPart - 1), kStep_ms).run();
}

void print_median(const char* what, const std::function<void(int)>& work) {
  std::vector<double> times;
  times.reserve(kRepetitions);
  for (int i = 0; i < kRepetitions; ++i) times.push_back(milliseconds_of([&] { work(i * 37); }));
  std::sort(times.begin(), times.end());
  std::printf("%-44s %8.2f ms, at most %.2f ms\n", what, times.at(kRepetitions / 2), times.back());
}

// Runs are inserted and ended by the hundred, as they come under load.
void print_insert_rate(const char* what, StoreUnderTest& test, Instant begin) {
  constexpr int kRuns = 5000;
  const double time = milliseconds_of([&] {
    int ended = 0;
    for (int i = 0; i < kRuns; ++i) {
      test.store->insert(scheduled_run(job_name(i), begin + std::chrono::milliseconds{i}), [&](auto id) {
        test.store->record_outcome(id.value_or(0), success(current_instant()), {}, [&](auto) { ++ended; });
      });
      if (i % 100 == 99) test.queue.run_until([&] { return ended == i + 1; });
    }
  });
  std::printf("%-44s %8.0f a second\n", what, kRuns / time * 1000);
}

void print_queries(StoreUnderTest& test, Instant now) {
  const Instant last_week = now - std::chrono::hours{24 * 7};
  print_median("newest page of a job", [&](int i) { test.query({.job_name = job_name(i)}); });
  print_median("page in the middle of a job", [&](int i) {
    test.query({.job_name = job_name(i), .before = now.time_since_epoch().count() / kStep_ms / 2});
  });
  print_median("failures of the last week, all jobs",
               [&](int) { test.query({.state = RunState::failed, .since = last_week, .limit = 1000}); });
  print_median("failures of a job",
               [&](int i) { test.query({.job_name = job_name(i), .state = RunState::failed}); });
  print_median("failures that a job does not have",
               [&](int i) { test.query({.job_name = job_name(i), .state = RunState::timed_out}); });
  print_median("newest page of a state", [&](int) { test.query({.state = RunState::succeeded}); });
  print_median("successes of a job of the last week", [&](int i) {
    test.query({.job_name = job_name(i), .state = RunState::succeeded, .since = last_week});
  });
}

void measure(std::int64_t rows) {
  StoreUnderTest test;
  test.open();
  const Instant now = at(rows * kStep_ms);
  print_insert_rate("runs recorded and ended, empty", test, at(1));
  std::printf("%lld rows written in %.1f s\n", static_cast<long long>(rows),
              milliseconds_of([&] { fill(test.file, rows); }) / 1000);
  print_median("start: open, facts, recover", [&](int) {
    test.open();
    test.store->facts();
    test.store->recover(now);
  });
  print_queries(test, now);
  print_insert_rate("runs recorded and ended, full", test, now + std::chrono::hours{1});
  print_median("pruning that finds nothing to do", [&](int i) {
    test.prune_step(job_name(i), {.rows_since = at(0), .rows_kept = rows, .logs_since = at(0)}, 100);
  });
  print_median("a step of pruning, 100 rows",
               [&](int i) { test.prune_step(job_name(i), {.rows_since = now}, 100); });
  std::printf("file: %.0f MiB\n", static_cast<double>(std::filesystem::file_size(test.file)) / (1 << 20));
}

}  // namespace
}  // namespace rota

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  rota::measure(argc > 1 ? std::max(1LL, std::atoll(argv[1])) : 1'000'000);
  return 0;
}
