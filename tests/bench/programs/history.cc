// history DIRECTORY ROWS: a history of ROWS runs of 100 jobs, one every ten seconds, of which one in a
// hundred failed, in DIRECTORY/rota.db, which it leaves there. Prints what questions cost, and the rate of
// runs begun and ended before and after.
#include <unistd.h>

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

namespace rota::bench {
namespace {

constexpr std::int64_t kStep_ms = 10'000;
constexpr int kRepetitions = 201;

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
  // On the disk before anything is measured: else the first checkpoint of what follows waits for all of it.
  connection.execute("PRAGMA wal_checkpoint(RESTART)");
  ::sync();
}

double median_ms(const std::function<void(int)>& work) {
  std::vector<double> times;
  times.reserve(kRepetitions);
  for (int i = 0; i < kRepetitions; ++i) times.push_back(milliseconds_of([&] { work(i * 37); }));
  std::sort(times.begin(), times.end());
  return times.at(kRepetitions / 2);
}

// Runs are inserted and ended by the hundred, as they come under load.
double inserts_a_second(StoreUnderTest& test, Instant begin) {
  constexpr int kRuns = 5000;
  const double time = milliseconds_of([&] {
    int ended = 0;
    for (int i = 0; i < kRuns; ++i) {
      test.store->insert(scheduled_run(job_name(i), begin + std::chrono::milliseconds{i}), nullptr,
                         [&](auto id) {
                           test.store->record_outcome(id.value_or(0), success(current_instant()), {},
                                                      [&](auto) { ++ended; });
                         });
      if (i % 100 == 99) test.queue.run_until([&] { return ended == i + 1; });
    }
  });
  return kRuns / time * 1000;
}

void measure(const std::filesystem::path& directory, std::int64_t rows) {
  StoreUnderTest test;
  test.file = directory / "rota.db";
  test.open();
  const Instant now = at(rows * kStep_ms);
  const double empty_rate = inserts_a_second(test, at(1));
  fill(test.file, rows);
  const double full_rate = inserts_a_second(test, now + std::chrono::hours{1});
  const double newest = median_ms([&](int i) { test.query({.job_name = job_name(i)}); });
  const double failures = median_ms([&](int) {
    test.query({.state = RunState::failed, .since = now - std::chrono::hours{24 * 7}, .limit = 1000});
  });
  std::printf(
      "{\"newest page ms\": %.4f, \"failures of a week ms\": %.4f, \"runs/s, empty\": %.0f, \"runs/s, "
      "full\": %.0f}\n",
      newest, failures, empty_rate, full_rate);
}

}  // namespace
}  // namespace rota::bench

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  rota::bench::measure(argv[1], std::max(1LL, std::atoll(argv[2])));
  return 0;
}
