// What a page of a long history takes, counted in SQLite's own steps, since time would be that of the
// machine.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "common/sqlite/sqlite.h"
#include "supervisor/store/schema.h"
#include "supervisor/store/store_reader.h"
#include "tests/supervisor/store/store_under_test.h"

namespace rota {
namespace {

// A row each ten seconds of a hundred jobs, each thousandth failed and the very first timed out, and three of
// a job that ran long ago.
constexpr const char* kLongHistory = R"(
INSERT INTO scheduled_job_runs (id, job_name, "trigger", state, queued_at)
  WITH RECURSIVE number (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM number WHERE id < 100000)
  SELECT id, CASE WHEN id < 4 THEN 'old' ELSE 'job_' || (id % 100) END, 'manual',
         CASE WHEN id = 1 THEN 'timed_out' WHEN id % 1000 = 0 THEN 'failed' ELSE 'succeeded' END, id * 10000
  FROM number;
)";
constexpr int kStepsBetweenCounts = 10;

int count_steps(void* steps) {
  *static_cast<std::int64_t*>(steps) += kStepsBetweenCounts;
  return 0;
}

TEST_CASE("a page of a long history is found without a walk through it whatever is asked for") {
  const StoreUnderTest test;
  Connection connection{test.file, Connection::Access::read_write};
  migrate(connection);
  connection.execute(kLongHistory);
  std::int64_t steps = 0;
  sqlite3_progress_handler(connection.handle(), kStepsBetweenCounts, count_steps, &steps);

  const Instant last_hour{std::chrono::seconds{(100'000 - 360) * 10}};
  struct Case {
    std::string what;
    RunQuery query;
    std::size_t found;
  };
  const Case cases[] = {
      {"the newest", {}, 50},
      {"a page in the middle", {.before = 50'000}, 50},
      {"of a job", {.job_name = "job_7"}, 50},
      {"of a job that ran long ago", {.job_name = "old"}, 3},
      {"of no job", {.job_name = "nobody"}, 0},
      {"that failed", {.state = RunState::failed}, 50},
      {"of a state that came once", {.state = RunState::timed_out}, 1},
      {"of a state that never came", {.state = RunState::lost}, 0},
      {"that run", {.state = RunState::running}, 0},
      {"of a job that failed", {.job_name = "job_0", .state = RunState::failed}, 50},
      {"of a job that never failed", {.job_name = "job_7", .state = RunState::failed}, 0},
      {"of a job that succeeded", {.job_name = "job_7", .state = RunState::succeeded}, 50},
      {"of a job that run", {.job_name = "job_7", .state = RunState::running}, 0},
      {"of the last hour", {.since = last_hour}, 50},
      {"of a job in the last hour", {.job_name = "job_7", .since = last_hour}, 3},
      {"that failed in the last hour", {.state = RunState::failed, .since = last_hour}, 1},
      {"of a state that never came in the last hour", {.state = RunState::lost, .since = last_hour}, 0},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    RunQuery query = each.query;
    query.limit = 50;
    steps = 0;
    CHECK(select_runs(connection, query).size() == each.found);
    CHECK(steps < 10'000);
  }
}

}  // namespace
}  // namespace rota
