#include "supervisor/cli/duration_history.h"

#include <algorithm>
#include <system_error>

#include "common/sqlite/sqlite.h"

namespace rota {
namespace {

using std::chrono::milliseconds;

// The smallest duration that is not below that part (in percent) of all: the nearest-rank percentile.
milliseconds percentile(const std::vector<milliseconds>& sorted, std::size_t percent) {
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

class Reader {
 public:
  explicit Reader(Connection& connection)
      : durations_{connection,
                   "SELECT finished_at - started_at FROM scheduled_job_runs WHERE job_name = ?1 AND state = "
                   "'succeeded' AND started_at IS NOT NULL AND finished_at IS NOT NULL ORDER BY id DESC "
                   "LIMIT 200"},
        last_finish_{connection,
                     "SELECT finished_at FROM scheduled_job_runs WHERE job_name = ?1 AND started_at IS NOT "
                     "NULL AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1"} {}

  DurationHistory::Job read(const std::string& name) {
    DurationHistory::Job job;
    std::vector<milliseconds> sorted;
    durations_.with(name);
    // A clock that was set back makes a negative one.
    while (durations_.step()) sorted.emplace_back(std::max<std::int64_t>(durations_.integer(0), 0));
    std::sort(sorted.begin(), sorted.end());
    if (!sorted.empty())
      job.durations = {percentile(sorted, 50), percentile(sorted, 90), static_cast<int>(sorted.size())};
    if (last_finish_.with(name).step()) job.last_finish = last_finish_.optional_instant(0);
    last_finish_.reset();
    return job;
  }

 private:
  Statement durations_;
  Statement last_finish_;
};

}  // namespace

DurationHistory read_duration_history(const std::filesystem::path& database,
                                      const std::vector<std::string>& job_names) {
  DurationHistory history;
  std::error_code error;
  if (!std::filesystem::exists(database, error)) {
    history.trouble = database.string() + (error ? ": " + error.message() : " is not there");
    return history;
  }
  try {
    Connection connection{database, Connection::Access::read_only};
    Reader reader{connection};
    for (const std::string& name : job_names) {
      DurationHistory::Job job = reader.read(name);
      if (job.durations || job.last_finish) history.jobs.emplace(name, job);
    }
  } catch (const SqliteError& failure) {
    history.jobs.clear();
    history.trouble = database.string() + ": " + failure.what();
  }
  return history;
}

}  // namespace rota
