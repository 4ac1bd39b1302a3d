#include "supervisor/daemon/history_keeper.h"

#include <algorithm>
#include <cstddef>
#include <ranges>

#include "common/file/without_links.h"

namespace rota {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirst = std::chrono::minutes{1};
constexpr milliseconds kBetween = std::chrono::hours{1};
constexpr milliseconds kLongestRemoval = std::chrono::seconds{10};
// Rows and jobs in one transaction: few enough that a run's row does not wait for it.
constexpr int kStep = 200;
constexpr std::ptrdiff_t kJobs = 200;

Retention retention_of(const RetentionRules& rules, Instant now) {
  Retention retention;
  if (rules.rows_for) retention.rows_since = now - *rules.rows_for;
  if (rules.logs_for) retention.logs_since = now - *rules.logs_for;
  retention.rows_kept = rules.rows_per_job;
  retention.logs_kept = rules.logs_per_job;
  return retention;
}

}  // namespace

void HistoryKeeper::start() { prune_after(kFirst); }

void HistoryKeeper::stop() {
  *alive_ = false;
  files_.end(kLongestRemoval);
}

void HistoryKeeper::prune_after(milliseconds delay) {
  loop_.after(delay, [this, alive = alive_] {
    if (!*alive) return;
    prune([](const PruneResult&) {});
    prune_after(kBetween);
  });
}

void HistoryKeeper::prune(std::function<void(PruneResult)> done) {
  waiting_.push_back(std::move(done));
  if (running_) return;
  running_ = true;
  result_ = {};
  left_ = rules_of_();
  prune_next();
}

void HistoryKeeper::prune_next() {
  if (left_.empty()) {
    running_ = false;
    for (const auto& done : std::exchange(waiting_, {})) done(result_);
    return;
  }
  std::vector<JobRetention> jobs;
  for (const auto& [job_name, rules] : left_ | std::views::reverse | std::views::take(kJobs))
    jobs.push_back({job_name, retention_of(rules, loop_.now())});
  store_.prune(std::move(jobs), kStep, [this, alive = alive_](Pruned pruned) {
    if (!*alive) return;
    left_.erase(left_.end() - static_cast<std::ptrdiff_t>(pruned.jobs_done), left_.end());
    result_.rows += pruned.rows;
    result_.logs += static_cast<std::int64_t>(pruned.logs.size());
    remove_logs(std::move(pruned.logs));
    prune_next();
  });
}

void HistoryKeeper::remove_logs(std::vector<std::string> paths) {
  if (paths.empty()) return;
  files_.run([directory = log_directory_, paths = std::move(paths)] {
    // A log that has gone already is as it should be.
    for (const std::string& path : paths) remove_without_links(directory / path);
  });
}

}  // namespace rota
