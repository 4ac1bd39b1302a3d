// A store on a real file, with a stand-in for the event loop: callbacks wait in a queue
// until the test takes them.
#pragma once

#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "supervisor/store/sqlite_run_store.h"

namespace rota {

class CallbackQueue {
 public:
  void post(std::function<void()> function) {
    const std::lock_guard lock{mutex_};
    waiting_.push_back(std::move(function));
    changed_.notify_one();
  }

  // Runs callbacks until `done` holds.
  void run_until(const std::function<bool()>& done) {
    while (!done()) {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return !waiting_.empty(); });
      auto function = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      function();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
};

struct StoreUnderTest {
  StoreUnderTest() { std::filesystem::create_directories(directory); }
  StoreUnderTest(const StoreUnderTest&) = delete;
  StoreUnderTest& operator=(const StoreUnderTest&) = delete;
  ~StoreUnderTest() {
    store.reset();
    std::filesystem::remove_all(directory);
  }

  SqliteRunStore& open() {
    store.reset();
    store = std::make_unique<SqliteRunStore>(
        file, [this](std::function<void()> function) { queue.post(std::move(function)); });
    return *store;
  }

  std::optional<RunId> insert(const Run& run) {
    std::optional<std::optional<RunId>> answer;
    store->insert(run, [&](std::optional<RunId> id) { answer = id; });
    queue.run_until([&] { return answer.has_value(); });
    return answer.value_or(std::nullopt);
  }

  void end(RunId id, const Outcome& outcome, std::vector<OutboxMail> mails = {},
           std::optional<AlarmState> alarm = {}) {
    bool done = false;
    store->record_outcome(id, outcome, std::move(mails), std::move(alarm), [&] { done = true; });
    queue.run_until([&] { return done; });
  }

  std::optional<Run> find(RunId id) {
    std::optional<std::optional<Run>> answer;
    store->find(id, [&](std::optional<Run> run) { answer = std::move(run); });
    queue.run_until([&] { return answer.has_value(); });
    return answer.value_or(std::nullopt);
  }

  std::vector<Run> query(const RunQuery& wanted) {
    std::optional<std::vector<Run>> answer;
    store->query(wanted, [&](std::vector<Run> runs) { answer = std::move(runs); });
    queue.run_until([&] { return answer.has_value(); });
    return answer.value_or(std::vector<Run>{});
  }

  std::vector<OutboxMail> due_mails(Instant now) {
    std::optional<std::vector<OutboxMail>> answer;
    store->due_mails(now, 10, [&](std::vector<OutboxMail> mails) { answer = std::move(mails); });
    queue.run_until([&] { return answer.has_value(); });
    return answer.value_or(std::vector<OutboxMail>{});
  }

  std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("rota-store-test-" + std::to_string(getpid()));
  std::filesystem::path file = directory / "rota.db";
  CallbackQueue queue;
  std::unique_ptr<SqliteRunStore> store;
};

inline Instant at(std::int64_t milliseconds) { return Instant{std::chrono::milliseconds{milliseconds}}; }

inline Run scheduled_run(const std::string& job, Instant scheduled_for) {
  Run run;
  run.job_name = job;
  run.scheduled_for = scheduled_for;
  run.state = RunState::running;
  run.queued_at = scheduled_for;
  run.started_at = scheduled_for;
  return run;
}

inline Outcome success(Instant finished_at) {
  Outcome outcome;
  outcome.state = RunState::succeeded;
  outcome.finished_at = finished_at;
  return outcome;
}

}  // namespace rota
